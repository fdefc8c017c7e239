// SPDX-License-Identifier: LGPL-2.1-or-later
#include "patch_mesh.h"

#include <seem/core/exceptions.h>
#include <seem/solver/specimen_shapes.h>

#include <deal.II/base/numbers.h>
#include <deal.II/grid/grid_generator.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace seem::solver
{
  using namespace dealii;
  using Point2 = PatchMesh::Point2;

  namespace
  {
    constexpr double pi = numbers::PI;

    void require(const bool condition, const char *shape, const std::string &what)
    {
      if (!condition)
        throw InputError(fmt::format("{}: {}", shape, what));
    }

    void require_positive(const char *shape, const char *name, const double length)
    {
      require(length > 0.0 && std::isfinite(length), shape,
              fmt::format("{} is {} nm; it must be positive", name, length));
    }

    void require_thickness(const unsigned int dim, const char *shape, const double edge,
                           const double thickness)
    {
      require_positive(shape, "the edge of the cells", edge);
      if (dim == 3)
        require_positive(shape, "the thickness", thickness);
    }

    /// How a shape is divided: into coarse cells of about one length, refined to the wanted edge.
    class Division
    {
    public:
      /**
       * @param[in] edge      of the refined cells
       * @param[in] smallest  length that a coarse cell can have at most
       */
      Division(const double edge, const double smallest)
          : n_refinements(
                static_cast<unsigned int>(std::max(0.0, std::floor(std::log2(smallest / edge))))),
            coarse_edge(std::ldexp(edge, static_cast<int>(n_refinements)))
      {
      }

      /// Number of coarse cells along a length.
      unsigned int operator()(const double length) const
      {
        return static_cast<unsigned int>(std::max(1.0, std::round(length / coarse_edge)));
      }

      unsigned int n_refinements;

    private:
      double coarse_edge;
    };
  } // namespace

  template <int dim>
  void make_plate_with_hole(SpecimenMesh<dim> &mesh, const PlateWithHole &shape, const double edge,
                            const double thickness)
  {
    constexpr const char *name = "plate with hole";
    require_thickness(dim, name, edge, thickness);
    require_positive(name, "the width", shape.width);
    require_positive(name, "the height", shape.height);
    require_positive(name, "the radius of the hole", shape.radius);
    const double a = 0.5 * shape.width, h = 0.5 * shape.height, r = shape.radius;
    const double smaller = std::min(a, h);
    require(r < 0.95 * smaller, name,
            fmt::format("the hole of radius {} nm leaves less than a twentieth of the half plate, "
                        "{} nm, as ligament",
                        r, smaller));

    // A ring of cells between the hole and a square of half edge b.
    const double b = smaller < 2.5 * r ? smaller : 2.0 * r;
    const double diagonal = r * std::sqrt(0.5);
    const double side = 0.5 * (0.25 * pi * r + b); // mean length along the ring, of 45 degrees
    Division n(edge, std::min(side, b - r));
    const unsigned int n_side = n(side), n_ring = n(b - r);

    PatchMesh patches;
    const Point2 centre;
    for (const bool rx : {false, true})
      for (const bool ry : {false, true})
      {
        patches.add_reflected(
            {Point2(r, 0), Point2(b, 0), Point2(diagonal, diagonal), Point2(b, b)}, n_ring, n_side,
            {centre, {}, {}, {}}, rx, ry);
        patches.add_reflected(
            {Point2(diagonal, diagonal), Point2(b, b), Point2(0, r), Point2(0, b)}, n_ring, n_side,
            {centre, {}, {}, {}}, rx, ry);
        if (a > b)
          patches.add_reflected({Point2(b, 0), Point2(a, 0), Point2(b, b), Point2(a, b)}, n(a - b),
                                n_side, {}, rx, ry);
        if (h > b)
          patches.add_reflected({Point2(0, b), Point2(b, b), Point2(0, h), Point2(b, h)}, n_side,
                                n(h - b), {}, rx, ry);
        if (a > b && h > b)
          patches.add_reflected({Point2(b, b), Point2(a, b), Point2(b, h), Point2(a, h)}, n(a - b),
                                n(h - b), {}, rx, ry);
      }
    patches.add_arc(centre, r, 6);
    patches.build(mesh, n(thickness), thickness);
    mesh.boundary_names["hole"] = 6;
    mesh.n_refinements = n.n_refinements;
  }

  template <int dim>
  void make_notched_bar(SpecimenMesh<dim> &mesh, const NotchedBar &shape, const double edge,
                        const double thickness)
  {
    constexpr const char *name = "notched bar";
    require_thickness(dim, name, edge, thickness);
    require_positive(name, "the width", shape.width);
    require_positive(name, "the height", shape.height);
    require_positive(name, "the depth of the notch", shape.depth);
    require_positive(name, "the radius of the notch", shape.radius);
    require(shape.angle >= 0.0 && shape.angle <= 120.0, name,
            fmt::format("the opening angle of the notch is {} degrees; it must be from 0 to 120",
                        shape.angle));
    const double a = 0.5 * shape.width, h = 0.5 * shape.height, r = shape.radius;
    const double beta = shape.angle * pi / 360.0; // of a flank against x
    require(shape.depth < 0.95 * a, name,
            fmt::format("notches {} nm deep leave less than a twentieth of the width, {} nm",
                        shape.depth, shape.width));

    // The right notch, above y = 0, with x counted from the middle of the bar. The root's centre is
    // at c; it meets the flank at t, which reaches the side of the bar at the mouth.
    const double c = a - shape.depth + r;
    const Point2 centre(c, 0);
    const Point2 t(c - r * std::sin(beta), r * std::cos(beta));
    require(
        t[0] <= a * (1.0 + 1e-12), name,
        fmt::format("a notch {} nm deep cannot hold a root of radius {} nm; the depth must be at "
                    "least {:.4g} nm",
                    shape.depth, r, r * (1.0 - std::sin(beta))));
    const double flank = std::max(0.0, a - t[0]);
    const bool has_flank = flank > 1e-9 * a;
    const double mouth = t[1] + flank * std::tan(beta);

    // A block of cells about the notch, up to x = inner and y = b.
    const double ligament = a - shape.depth;
    const double b = mouth + std::min(std::max(r, 0.3 * mouth), 0.9 * (h - mouth));
    const double inner = c - r - std::min(0.6 * ligament, std::max(1.5 * r, 0.8 * b));
    require(h > 1.1 * mouth, name,
            fmt::format("the notches' mouths, {:.4g} nm high, do not fit into the height {} nm",
                        2 * mouth, shape.height));
    const double root = 0.5 * pi - beta; // angle of half the root
    // Where the line from the block's corner meets the root: half of it.
    const double half_root = 0.5 * root;
    const Point2 middle(c - r * std::cos(half_root), r * std::sin(half_root));
    const double side = 0.5 * (half_root * r + b), top = 0.5 * (half_root * r + t[0] - inner);
    const double ring = 0.5 * (b - t[1] + c - r - inner);
    Division n(edge, std::min({side, top, ring}));
    const unsigned int n_side = n(side), n_top = n(top), n_flank = n(flank), n_ring = n(ring);
    const bool above = h > b * (1.0 + 1e-9);

    PatchMesh patches;
    PatchMesh::ArcCentres root_side, root_below;
    root_side[1] = root_below[2] = centre;
    for (const bool rx : {false, true})
      for (const bool ry : {false, true})
      {
        // Towards the middle of the bar, then above the root, then above the flank.
        patches.add_reflected({Point2(inner, 0), Point2(c - r, 0), Point2(inner, b), middle},
                              n_ring, n_side, root_side, rx, ry);
        patches.add_reflected({middle, t, Point2(inner, b), Point2(t[0], b)}, n_top, n_ring,
                              root_below, rx, ry);
        if (has_flank)
          patches.add_reflected({t, Point2(a, mouth), Point2(t[0], b), Point2(a, b)}, n_flank,
                                n_ring, {}, rx, ry);
        patches.add_reflected({Point2(0, 0), Point2(inner, 0), Point2(0, b), Point2(inner, b)},
                              n(inner), n_side, {}, rx, ry);
        if (!above)
          continue;
        const unsigned int n_above = n(h - b);
        patches.add_reflected({Point2(0, b), Point2(inner, b), Point2(0, h), Point2(inner, h)},
                              n(inner), n_above, {}, rx, ry);
        patches.add_reflected(
            {Point2(inner, b), Point2(t[0], b), Point2(inner, h), Point2(t[0], h)}, n_top, n_above,
            {}, rx, ry);
        if (has_flank)
          patches.add_reflected({Point2(t[0], b), Point2(a, b), Point2(t[0], h), Point2(a, h)},
                                n_flank, n_above, {}, rx, ry);
      }
    patches.add_arc(centre, r, 6);
    patches.add_arc(-centre, r, 6);
    patches.build(mesh, n(thickness), thickness);
    mesh.boundary_names["notch"] = 6;
    mesh.n_refinements = n.n_refinements;
  }

  template <int dim>
  void make_dog_bone(SpecimenMesh<dim> &mesh, const DogBone &shape, const double edge,
                     const double thickness)
  {
    constexpr const char *name = "dog-bone";
    require_thickness(dim, name, edge, thickness);
    require_positive(name, "the width of the gauge section", shape.gauge_width);
    require_positive(name, "the length of the gauge section", shape.gauge_length);
    require_positive(name, "the length of a grip", shape.grip_length);
    require_positive(name, "the radius of the fillets", shape.fillet_radius);
    require(shape.grip_width > shape.gauge_width, name,
            fmt::format("the grips, {} nm wide, must be wider than the gauge section, {} nm",
                        shape.grip_width, shape.gauge_width));
    const double r = shape.fillet_radius, g = 0.5 * shape.gauge_width, w = 0.5 * shape.grip_width;
    // Beyond 60 degrees the cells at the end of the fillet would be too oblique.
    require(r >= 2.0 * (w - g), name,
            fmt::format("fillets of radius {} nm are too steep for the step of {} nm; the radius "
                        "must be at least {} nm",
                        r, w - g, 2.0 * (w - g)));
    const double turn = std::acos(1.0 - (w - g) / r);
    const double l = 0.5 * shape.gauge_length, f = l + r * std::sin(turn),
                 end = f + shape.grip_length;

    Division n(edge, std::min({g, l, r * turn, shape.grip_length}));
    const unsigned int n_x = n(0.5 * (g + w)), n_gauge = n(l), n_fillet = n(r * turn),
                       n_grip = n(shape.grip_length);
    const Point2 centre(g + r, l);
    PatchMesh::ArcCentres fillet;
    fillet[1] = centre;
    PatchMesh patches;
    for (const bool rx : {false, true})
      for (const bool ry : {false, true})
      {
        patches.add_reflected({Point2(0, 0), Point2(g, 0), Point2(0, l), Point2(g, l)}, n_x,
                              n_gauge, {}, rx, ry);
        patches.add_reflected({Point2(0, l), Point2(g, l), Point2(0, f), Point2(w, f)}, n_x,
                              n_fillet, fillet, rx, ry);
        patches.add_reflected({Point2(0, f), Point2(w, f), Point2(0, end), Point2(w, end)}, n_x,
                              n_grip, {}, rx, ry);
        patches.add_arc(Point2(rx ? -centre[0] : centre[0], ry ? -centre[1] : centre[1]), r, 6);
      }
    patches.build(mesh, n(thickness), thickness, 7);
    mesh.boundary_names["fillet"] = 6;
    mesh.boundary_names["gauge"] = 7;
    mesh.n_refinements = n.n_refinements;
  }

  void make_cylinder(SpecimenMesh<3> &mesh, const Cylinder &shape, const double edge)
  {
    constexpr const char *name = "cylinder";
    require_thickness(2, name, edge, 0.0);
    require_positive(name, "the radius", shape.radius);
    require_positive(name, "the length", shape.length);
    // Two coarse cells along the radius.
    Division n(edge, std::min(0.5 * shape.radius, shape.length));
    Triangulation<2> disc;
    GridGenerator::hyper_ball_balanced(disc, Point2(), shape.radius);
    PatchMesh boundary;
    boundary.add_arc(Point2(), shape.radius, 6);
    boundary.finish(mesh, disc, n(shape.length), shape.length, 6);
    mesh.boundary_names["lateral"] = 6;
    mesh.n_refinements = n.n_refinements;
  }

  template <int dim>
  void make_ring(SpecimenMesh<dim> &mesh, const Ring &shape, const double edge,
                 const double thickness)
  {
    constexpr const char *name = "ring";
    require_thickness(dim, name, edge, thickness);
    require_positive(name, "the inner radius", shape.inner_radius);
    require(shape.outer_radius > shape.inner_radius, name,
            fmt::format("the outer radius, {} nm, must be above the inner one, {} nm",
                        shape.outer_radius, shape.inner_radius));
    const double r = shape.inner_radius, s = shape.outer_radius;
    const Point2 centre;
    // Of an eighth of the ring.
    const double along = 0.125 * pi * (r + s);
    Division n(edge, std::min(along, s - r));
    const double d = std::sqrt(0.5);
    PatchMesh patches;
    for (const bool rx : {false, true})
      for (const bool ry : {false, true})
      {
        if (shape.quarter && (rx || ry))
          continue;
        patches.add_reflected(
            {Point2(r, 0), Point2(s, 0), Point2(d * r, d * r), Point2(d * s, d * s)}, n(s - r),
            n(along), {centre, centre, {}, {}}, rx, ry);
        patches.add_reflected(
            {Point2(d * r, d * r), Point2(d * s, d * s), Point2(0, r), Point2(0, s)}, n(s - r),
            n(along), {centre, centre, {}, {}}, rx, ry);
      }
    patches.add_arc(centre, r, 6);
    patches.add_arc(centre, s, 7);
    patches.build(mesh, n(thickness), thickness);
    mesh.boundary_names["inner"] = 6;
    mesh.boundary_names["outer"] = 7;
    mesh.n_refinements = n.n_refinements;
  }

#define INSTANTIATE(function, Shape)                                                               \
  template void function<2>(SpecimenMesh<2> &, const Shape &, const double, const double);         \
  template void function<3>(SpecimenMesh<3> &, const Shape &, const double, const double)
  INSTANTIATE(make_plate_with_hole, PlateWithHole);
  INSTANTIATE(make_notched_bar, NotchedBar);
  INSTANTIATE(make_dog_bone, DogBone);
  INSTANTIATE(make_ring, Ring);
#undef INSTANTIATE
} // namespace seem::solver
