/* Repeat until success: Rz by acos(3/5), seen between H and measured. */
OPENQASM 3;
include "stdgates.inc";

def segment(qubit[2] anc, qubit psi) -> bit[2] {
  bit[2] b;
  reset anc;
  h anc;
  ccx anc[0], anc[1], psi;
  s psi;
  ccx anc[0], anc[1], psi;
  z psi;
  h anc;
  b = measure anc;
  return b;
}

qubit input_qubit;
qubit[2] ancilla;
bit[2] flags = "11";
bit output_bit;

reset input_qubit;
h input_qubit;

// braces are optional in this case
while(int[2](flags) != 0) {
  flags = segment(ancilla, input_qubit);
}
rz(pi - arccos(3 / 5)) input_qubit;
h input_qubit;
output_bit = measure input_qubit;
