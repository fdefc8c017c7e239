// SPDX-License-Identifier: LGPL-2.1-or-later
// A plate of 240 x 300 nm with a circular hole, in plane strain. Lengths in nm.
a = 120; // half the width
h = 150; // half the height
r = 36;  // radius of the hole
b = 66;  // half the edge of the square around the hole
n = 4;   // cells along each side of a patch

// One quarter; the others are its reflections.
c = r*Sqrt(0.5);
Point(1) = {0, 0, 0};
Point(2) = {r, 0, 0};  Point(3) = {c, c, 0};  Point(4) = {0, r, 0};
Point(5) = {b, 0, 0};  Point(6) = {b, b, 0};  Point(7) = {0, b, 0};
Point(8) = {a, 0, 0};  Point(9) = {a, b, 0};  Point(10) = {a, h, 0};  Point(11) = {b, h, 0};  Point(12) = {0, h, 0};
Circle(1) = {2, 1, 3};  Circle(2) = {3, 1, 4};
Line(3) = {5, 6};  Line(4) = {6, 7};
Line(5) = {2, 5};  Line(6) = {3, 6};  Line(7) = {4, 7};
Line(8) = {5, 8};  Line(9) = {8, 9};  Line(10) = {6, 9};  Line(11) = {9, 10};  Line(12) = {11, 10};
Line(13) = {6, 11};  Line(14) = {7, 12};  Line(15) = {12, 11};
Curve Loop(1) = {5, 3, -6, -1};  Plane Surface(1) = {1};
Curve Loop(2) = {6, 4, -7, -2};  Plane Surface(2) = {2};
Curve Loop(3) = {8, 9, -10, -3};  Plane Surface(3) = {3};
Curve Loop(4) = {10, 11, -12, -13};  Plane Surface(4) = {4};
Curve Loop(5) = {-4, 13, -15, -14};  Plane Surface(5) = {5};
lower[] = Symmetry{0, 1, 0, 0}{ Duplicata{ Surface{1:5}; } };
left[] = Symmetry{1, 0, 0, 0}{ Duplicata{ Surface{1:5}; Surface{lower[]}; } };
Coherence;
Transfinite Curve{:} = n + 1;
Transfinite Surface{:};
Recombine Surface{:};

e = 1e-3;
Physical Surface("plate", 1) = {Surface{:}};
Physical Curve("lower x", 1) = {Curve In BoundingBox{-a-e, -h-e, -e, -a+e, h+e, e}};
Physical Curve("upper x", 2) = {Curve In BoundingBox{a-e, -h-e, -e, a+e, h+e, e}};
Physical Curve("lower y", 3) = {Curve In BoundingBox{-a-e, -h-e, -e, a+e, -h+e, e}};
Physical Curve("upper y", 4) = {Curve In BoundingBox{-a-e, h-e, -e, a+e, h+e, e}};
Physical Curve("hole", 5) = {Curve In BoundingBox{-r-e, -r-e, -e, r+e, r+e, e}};
