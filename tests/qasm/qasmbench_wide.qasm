OPENQASM 2.0;
include "qelib1.inc";
qreg qr[3];
creg cr[64];
// a comparison of 64 bits, and Windows line ends
x qr[0];
measure qr[0] -> cr[63];
if(cr==9223372036854775808) x qr[1];
if(cr==9223372036854775807) x qr[2];
creg out[2];
measure qr[1] -> out[0];
measure qr[2] -> out[1];
