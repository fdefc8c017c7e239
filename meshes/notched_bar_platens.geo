// SPDX-License-Identifier: LGPL-2.1-or-later
// A flat bar of 160 x 200 x 32 nm along y with two U-notches between two platens, each a material of its own: the bar 1, the
// platens 2. Lengths in nm.
a = 80;  // half the width
d = 32;  // depth of the notches
r = 16;  // radius of their root
h = 100; // half the height of the bar
p = 32;  // height of a platen
b = 48;  // half the height of the block of cells about a notch
s = 28;  // half the width of the strip between these blocks
t = 32;  // thickness
n = 2;   // cells along each side of a patch

// One quarter; the others are its reflections.
c = a - d + r; // centre of the root
q = r*Sqrt(0.5);
Point(1) = {c, 0, 0};
Point(2) = {0, 0, 0};  Point(3) = {s, 0, 0};  Point(4) = {c - r, 0, 0};
Point(5) = {c - q, q, 0};  Point(6) = {c, r, 0};  Point(7) = {a, r, 0};
Point(8) = {0, b, 0};  Point(9) = {s, b, 0};  Point(10) = {c, b, 0};  Point(11) = {a, b, 0};
Point(12) = {0, h, 0};  Point(13) = {s, h, 0};  Point(14) = {c, h, 0};  Point(15) = {a, h, 0};
Point(16) = {0, h + p, 0};  Point(17) = {s, h + p, 0};  Point(18) = {c, h + p, 0};  Point(19) = {a, h + p, 0};
Circle(1) = {4, 1, 5};  Circle(2) = {5, 1, 6};  Line(3) = {6, 7};
Line(4) = {2, 3};  Line(5) = {3, 4};  Line(6) = {2, 8};  Line(7) = {3, 9};  Line(8) = {9, 5};  Line(9) = {6, 10};
Line(10) = {7, 11};  Line(11) = {8, 9};  Line(12) = {9, 10};  Line(13) = {10, 11};
Line(14) = {8, 12};  Line(15) = {9, 13};  Line(16) = {10, 14};  Line(17) = {11, 15};
Line(18) = {12, 13};  Line(19) = {13, 14};  Line(20) = {14, 15};
Line(21) = {12, 16};  Line(22) = {13, 17};  Line(23) = {14, 18};  Line(24) = {15, 19};
Line(25) = {16, 17};  Line(26) = {17, 18};  Line(27) = {18, 19};
Curve Loop(1) = {4, 7, -11, -6};  Plane Surface(1) = {1};
Curve Loop(2) = {5, 1, -8, -7};  Plane Surface(2) = {2};
Curve Loop(3) = {8, 2, 9, -12};  Plane Surface(3) = {3};
Curve Loop(4) = {3, 10, -13, -9};  Plane Surface(4) = {4};
Curve Loop(5) = {11, 15, -18, -14};  Plane Surface(5) = {5};
Curve Loop(6) = {12, 16, -19, -15};  Plane Surface(6) = {6};
Curve Loop(7) = {13, 17, -20, -16};  Plane Surface(7) = {7};
Curve Loop(8) = {18, 22, -25, -21};  Plane Surface(8) = {8};
Curve Loop(9) = {19, 23, -26, -22};  Plane Surface(9) = {9};
Curve Loop(10) = {20, 24, -27, -23};  Plane Surface(10) = {10};
lower[] = Symmetry{0, 1, 0, 0}{ Duplicata{ Surface{1:10}; } };
left[] = Symmetry{1, 0, 0, 0}{ Duplicata{ Surface{1:10}; Surface{lower[]}; } };
Coherence;
Transfinite Curve{:} = n + 1;
Transfinite Surface{:};
Recombine Surface{:};
Extrude{0, 0, t}{ Surface{:}; Layers{2}; Recombine; }

e = 1e-3;
w = h + p;
Physical Volume("glass", 1) = {Volume In BoundingBox{-a-e, -h-e, -e, a+e, h+e, t+e}};
Physical Volume("platen", 2) = {Volume In BoundingBox{-a-e, h-e, -e, a+e, w+e, t+e},
                                Volume In BoundingBox{-a-e, -w-e, -e, a+e, -h+e, t+e}};
Physical Surface("lower x", 1) = {Surface In BoundingBox{-a-e, -w-e, -e, -a+e, w+e, t+e}};
Physical Surface("upper x", 2) = {Surface In BoundingBox{a-e, -w-e, -e, a+e, w+e, t+e}};
Physical Surface("lower y", 3) = {Surface In BoundingBox{-a-e, -w-e, -e, a+e, -w+e, t+e}};
Physical Surface("upper y", 4) = {Surface In BoundingBox{-a-e, w-e, -e, a+e, w+e, t+e}};
Physical Surface("lower z", 5) = {Surface In BoundingBox{-a-e, -w-e, -e, a+e, w+e, e}};
Physical Surface("upper z", 6) = {Surface In BoundingBox{-a-e, -w-e, t-e, a+e, w+e, t+e}};
// The roots, then the flanks, which have no other faces in their planes.
notch[] = {};
For side In {-1:1:2}
  x = side*c;
  notch[] += Surface In BoundingBox{x-r-e, -r-e, -e, x+r+e, r+e, t+e};
EndFor
For side In {-1:1:2}
  For flank In {-1:1:2}
    x = side*0.5*(a + c);
    notch[] += Surface In BoundingBox{x-0.5*(a-c)-e, flank*r-e, -e, x+0.5*(a-c)+e, flank*r+e, t+e};
  EndFor
EndFor
Physical Surface("notch", 7) = {Unique(notch[])};
