OPENQASM 3.0;
qubit[3] q;
bit[3] b;
#pragma braket verbatim
box {
  h q[0];
  cnot q[0], q[1];
  v q[2];
  v q[2];
  si q[0];
  s q[0];
  cphaseshift(pi) q[0], q[1];
  cphaseshift(-pi) q[0], q[1];
  ccnot q[0], q[1], q[2];
}
b[0] = measure q[0];
b[1] = measure q[1];
b[2] = measure q[2];
