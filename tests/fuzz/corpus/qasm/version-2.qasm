OPENQASM 2.0;
include "qelib1.inc";
qreg q[70];
creg c[151];
opaque ecr a,b;
ecr q[0],q[1];
gate majority a,b,c { cx c,b; cx c,a; ccx a,b,c; }
majority q[0],q[1],q[2];
u3(pi/2,-2^3,sin(pi/4)) q;
cu1(pi/8) q[0],q[1];
rccx q[0],q[1],q[2];
if(c==1427247692705959881058285969449495136382746624) x q[0];
measure q[0]->c[0];
