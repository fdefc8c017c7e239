// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOLVER_SPECIMEN_SHAPES_H
#define SEEM_SOLVER_SPECIMEN_SHAPES_H

#include <seem/solver/specimen_mesh.h>

/**
 * Specimens with curved boundaries, in plane strain (dim = 2) or in space (dim = 3). All lengths in
 * nm. Plane shapes are centred at x = y = 0; in space they are extruded from z = 0 to the
 * thickness. Curved boundaries carry manifolds: refinement follows them.
 *
 * Boundary ids and names of all shapes, where they exist: 0 "lower x", 1 "upper x", 2 "lower y",
 * 3 "upper y", 4 "lower z", 5 "upper z", as for the box, then 6 and 7 as each shape says. Straight
 * sides are named by the face of the bounding box in which they lie.
 *
 * @p edge is the edge that the cells shall have after refinement: the coarse mesh is as coarse as
 * the shape allows with n_refinements chosen so that the refined edges are near it. @p thickness is
 * used in space only.
 *
 * All throw InputError if a length is not positive or if the lengths do not fit each other.
 */
namespace seem::solver
{
  /// A rectangular plate with a circular hole in its middle: 6 "hole".
  struct PlateWithHole
  {
    double width = 320.0;  ///< along x [nm]
    double height = 320.0; ///< along y [nm]
    double radius = 60.0;  ///< of the hole [nm], below half the width and half the height
  };

  template <int dim>
  void make_plate_with_hole(SpecimenMesh<dim> &mesh, const PlateWithHole &shape, const double edge,
                            const double thickness = 0.0);

  /**
   * A flat bar along y with two equal notches at half its height, from x = -width/2 and x =
   * width/2: straight flanks and a round root, tangent to each other. A U-notch has the opening
   * angle 0; depth = radius then makes a semicircle. 6 "notch": flanks and root of both.
   */
  struct NotchedBar
  {
    double width = 240.0;  ///< along x, outside the notches [nm]
    double height = 480.0; ///< along y [nm]
    double depth = 60.0;   ///< of each notch [nm], below half the width
    double radius = 30.0;  ///< of the root [nm]
    double angle = 0.0;    ///< between the flanks [degrees], 0 to 120
  };

  template <int dim>
  void make_notched_bar(SpecimenMesh<dim> &mesh, const NotchedBar &shape, const double edge,
                        const double thickness = 0.0);

  /**
   * A flat tension specimen along y: a gauge section that passes by circular fillets into wider
   * grips. The fillets are tangent to the gauge section. 6 "fillet", all four; 7 "gauge", the two
   * sides of the gauge section; the sides of the grips are "lower x" and "upper x".
   */
  struct DogBone
  {
    double gauge_width = 160.0;   ///< along x [nm]
    double gauge_length = 320.0;  ///< along y, between the fillets [nm]
    double grip_width = 240.0;    ///< along x [nm]
    double grip_length = 80.0;    ///< along y, of each grip beyond its fillet [nm]
    double fillet_radius = 120.0; ///< [nm], at least the difference of the widths
  };

  template <int dim>
  void make_dog_bone(SpecimenMesh<dim> &mesh, const DogBone &shape, const double edge,
                     const double thickness = 0.0);

  /// A round bar along z from z = 0, for torsion and tension: 6 "lateral".
  struct Cylinder
  {
    double radius = 48.0;  ///< [nm]
    double length = 192.0; ///< [nm]
  };

  void make_cylinder(SpecimenMesh<3> &mesh, const Cylinder &shape, const double edge);

  /**
   * A thick-walled ring about the z axis, or the quarter of it with x > 0, y > 0, whose straight
   * sides are "lower x" and "lower y": 6 "inner", 7 "outer".
   */
  struct Ring
  {
    double inner_radius = 80.0;  ///< [nm]
    double outer_radius = 160.0; ///< [nm]
    bool quarter = true;
  };

  template <int dim>
  void make_ring(SpecimenMesh<dim> &mesh, const Ring &shape, const double edge,
                 const double thickness = 0.0);
} // namespace seem::solver

#endif
