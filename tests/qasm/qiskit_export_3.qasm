OPENQASM 3.0;
include "stdgates.inc";
gate sxdg _gate_q_0 {
  s _gate_q_0;
  h _gate_q_0;
  s _gate_q_0;
}
gate rzx_139872(_gate_p_0) _gate_q_0, _gate_q_1 {
  h _gate_q_1;
  cx _gate_q_0, _gate_q_1;
  rz(0.5) _gate_q_1;
  cx _gate_q_0, _gate_q_1;
  h _gate_q_1;
}
bit[2] c;
bit[1] flag;
qubit[3] q;
h q[0];
rzx_139872(0.5) q[0], q[1];
inv @ rzx_139872(0.5) q[0], q[1];
sx q[2];
sxdg q[2];
delay[100dt] q[0];
barrier q[0], q[1];
flag[0] = measure q[0];
if (flag[0]) {
  x q[1];
} else {
  x q[2];
}
reset q[0];
for int i in {0, 2, 4} {
  x q[0];
}
if (flag == 1) {
  ctrl @ inv @ gphase(-pi) q[0];
}
c[0] = measure q[1];
c[1] = measure q[2];
