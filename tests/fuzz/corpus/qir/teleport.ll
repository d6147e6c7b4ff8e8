; Teleports RY(pi/3)|0> from qubit 0 to qubit 2, corrected by the results of the other two, undoes the
; rotation there, and records that qubit, which is 0.
@0 = internal constant [9 x i8] c"teleport\00"

define i64 @main() #0 {
entry:
  call void @__quantum__rt__initialize(ptr null)
  call void @__quantum__qis__ry__body(double 0x3FF0C152382D7365, ptr null)
  call void @__quantum__qis__h__body(ptr inttoptr (i64 1 to ptr))
  call void @__quantum__qis__cnot__body(ptr inttoptr (i64 1 to ptr), ptr inttoptr (i64 2 to ptr))
  call void @__quantum__qis__cnot__body(ptr null, ptr inttoptr (i64 1 to ptr))
  call void @__quantum__qis__h__body(ptr null)
  call void @__quantum__qis__mz__body(ptr null, ptr null)
  call void @__quantum__qis__mz__body(ptr inttoptr (i64 1 to ptr), ptr inttoptr (i64 1 to ptr))
  %x = call i1 @__quantum__rt__read_result(ptr inttoptr (i64 1 to ptr))
  br i1 %x, label %flip, label %after

flip:
  call void @__quantum__qis__x__body(ptr inttoptr (i64 2 to ptr))
  br label %after

after:
  %z = call i1 @__quantum__rt__read_result(ptr null)
  br i1 %z, label %phase, label %end

phase:
  call void @__quantum__qis__z__body(ptr inttoptr (i64 2 to ptr))
  br label %end

end:
  call void @__quantum__qis__ry__body(double 0xBFF0C152382D7365, ptr inttoptr (i64 2 to ptr))
  call void @__quantum__qis__mz__body(ptr inttoptr (i64 2 to ptr), ptr inttoptr (i64 2 to ptr))
  call void @__quantum__rt__result_record_output(ptr inttoptr (i64 2 to ptr), ptr @0)
  call void @__quantum__rt__bool_record_output(i1 %x, ptr null)
  call void @__quantum__rt__bool_record_output(i1 %z, ptr null)
  ret i64 0
}

declare void @__quantum__qis__h__body(ptr)
declare void @__quantum__qis__x__body(ptr)
declare void @__quantum__qis__z__body(ptr)
declare void @__quantum__qis__ry__body(double, ptr)
declare void @__quantum__qis__cnot__body(ptr, ptr)
declare void @__quantum__qis__mz__body(ptr, ptr)
declare i1 @__quantum__rt__read_result(ptr)
declare void @__quantum__rt__initialize(ptr)
declare void @__quantum__rt__result_record_output(ptr, ptr)
declare void @__quantum__rt__bool_record_output(i1, ptr)

attributes #0 = { "entry_point" "qir_profiles"="adaptive_profile" "output_labeling_schema"="labeled" "required_num_qubits"="3" "required_num_results"="3" }
