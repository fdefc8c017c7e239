// SPDX-License-Identifier: LGPL-2.1-or-later
#include "commands_test.h"

#include <seem/commands/specimen_parameters.h>

#include <deal.II/grid/grid_tools.h>

using namespace seem;
using namespace seem::commands;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace
{
  class SpecimenParametersTest : public CommandsTest
  {
  protected:
    /// The section as parsed, with assignments to entries of it.
    static SpecimenParameters parse(const std::vector<std::string> &assignments)
    {
      Parameters parameters(SpecimenParameters::declare);
      for (const std::string &assignment : assignments)
        parameters.set("Specimen/" + assignment);
      return SpecimenParameters::parse(parameters);
    }

    static std::string error_of(const std::vector<std::string> &assignments)
    {
      return message_of([&] { parse(assignments); });
    }

    template <int dim>
    static solver::SpecimenMesh<dim> make(const std::vector<std::string> &assignments)
    {
      const SpecimenParameters parameters = parse(assignments);
      solver::SpecimenMesh<dim> mesh;
      make_specimen<dim>(parameters,
                         specimen_lengths(parameters, 64.0, parameters.n_points_per_cell()), mesh);
      return mesh;
    }

    template <int dim>
    static std::string error_of_making(const std::vector<std::string> &assignments)
    {
      return message_of([&] { make<dim>(assignments); });
    }

    template <int dim>
    static dealii::Point<dim> extent(const solver::SpecimenMesh<dim> &mesh)
    {
      const auto box = dealii::GridTools::compute_bounding_box(mesh.coarse);
      return dealii::Point<dim>(box.get_boundary_points().second - box.get_boundary_points().first);
    }

    template <int dim>
    static std::vector<std::string> names(const solver::SpecimenMesh<dim> &mesh)
    {
      std::vector<std::string> result;
      for (const auto &[name, id] : mesh.boundary_names)
        result.push_back(name);
      return result;
    }
  };
} // namespace

TEST_F(SpecimenParametersTest, TheDefaultIsThePeriodicSquareOf32Cells)
{
  const SpecimenParameters parameters = parse({});
  EXPECT_EQ(parameters.dimension, 2u);
  EXPECT_EQ(parameters.degree, 1u);
  EXPECT_TRUE(parameters.mean_dilatation);
  EXPECT_THAT(parameters.n_cells, ElementsAre(32, 32));
  // One representative volume of 64 nm^3 at each of four points: 8 x 8 x 4 nm.
  const SpecimenLengths lengths = specimen_lengths(parameters, 64.0, 4);
  EXPECT_NEAR(lengths.thickness, 4.0, 1e-12);
  EXPECT_NEAR(lengths.cell_edge, 8.0, 1e-12);
  const auto mesh = make<2>({});
  EXPECT_EQ(mesh.n_cells(), 1024u);
  EXPECT_EQ(mesh.periodic.size(), 2u);
  EXPECT_NEAR(extent(mesh)[1], 256.0, 1e-9);
}

TEST_F(SpecimenParametersTest, TheSectionOfTheShippedExampleKeepsItsMeaning)
{
  Parameters parameters(SpecimenParameters::declare);
  parameters.read_text("subsection Specimen\n  set Cells     = 32, 32\n"
                       "  set Cell edge = automatic\n  set Thickness = automatic\nend\n",
                       "simple_shear.prm");
  const SpecimenParameters box = SpecimenParameters::parse(parameters), plain = parse({});
  EXPECT_EQ(box.n_cells, plain.n_cells);
  EXPECT_EQ(box.cell_edge, plain.cell_edge);
  EXPECT_EQ(box.thickness, plain.thickness);
}

TEST_F(SpecimenParametersTest, EveryPatternIsPutIntoWords)
{
  const std::string text = Parameters(SpecimenParameters::declare).print(ParameterFormat::markdown);
  for (const char *raw : {"[Double", "[Integer", "[Bool", "[Selection", "[List", "[Word",
                          "[Anything", "[FileName", "inclusive"})
    EXPECT_EQ(text.find(raw), std::string::npos) << raw;
}

TEST_F(SpecimenParametersTest, CellsAndTheirEdgeMakeTheBox)
{
  const auto mesh = make<2>({"Cells=6, 10", "Cell edge=3"});
  EXPECT_EQ(mesh.n_cells(), 60u);
  EXPECT_NEAR(extent(mesh)[0], 18.0, 1e-9);
  EXPECT_NEAR(extent(mesh)[1], 30.0, 1e-9);
}

TEST_F(SpecimenParametersTest, EdgesOfTheBoxAreMetExactly)
{
  // 5.25 and 3.125 cells of 8 nm become 5 and 3.
  const auto mesh = make<2>({"Edges=42, 25"});
  EXPECT_NEAR(extent(mesh)[0], 42.0, 1e-9);
  EXPECT_NEAR(extent(mesh)[1], 25.0, 1e-9);
  EXPECT_EQ(mesh.n_cells(), 15u);
  EXPECT_EQ(make<2>({"Edges=42, 25", "Cells=3, 2"}).n_cells(), 6u);
}

TEST_F(SpecimenParametersTest, InSpaceTheBoxHas8CellsAlongEachEdge)
{
  const auto mesh = make<3>({"Dimension=3"});
  EXPECT_EQ(mesh.n_cells(), 512u);
  EXPECT_EQ(mesh.periodic.size(), 3u);
  // Eight points of 64 nm^3.
  EXPECT_NEAR(extent(mesh)[2], 64.0, 1e-9);
  // With Q2 27 points: cells of 12 nm.
  EXPECT_EQ(parse({"Element=Q2", "Dimension=3"}).n_points_per_cell(), 27u);
  EXPECT_NEAR(extent(make<3>({"Dimension=3", "Element=Q2", "Cells=2, 4, 6"}))[2], 72.0, 1e-9);
}

TEST_F(SpecimenParametersTest, ThicknessChangesTheAutomaticEdge)
{
  EXPECT_NEAR(specimen_lengths(parse({"Thickness=16"}), 64.0, 4).cell_edge, 4.0, 1e-12);
  EXPECT_NEAR(specimen_lengths(parse({"Thickness=16"}), 64.0, 1).cell_edge, 2.0, 1e-12);
  EXPECT_NEAR(specimen_lengths(parse({"Thickness=16", "Cell edge=7"}), 64.0, 1).cell_edge, 7.0,
              1e-12);
  // In space the extruded shapes get four cells.
  EXPECT_NEAR(extent(make<3>({"Dimension=3", "Geometry=ring"}))[2], 32.0, 1e-9);
  EXPECT_NEAR(extent(make<3>({"Dimension=3", "Geometry=ring", "Thickness=20"}))[2], 20.0, 1e-9);
}

TEST_F(SpecimenParametersTest, RefinementsHalveTheCells)
{
  EXPECT_EQ(make<2>({"Cells=3, 5", "Refinements=2"}).n_cells(), 240u);
  EXPECT_EQ(make<2>({"Geometry=dog-bone", "Refinements=1"}).n_cells(),
            4 * make<2>({"Geometry=dog-bone"}).n_cells());
}

TEST_F(SpecimenParametersTest, PeriodicAxesAreThoseNamed)
{
  const auto mesh = make<2>({"Cells=3, 5", "Periodic=y"});
  ASSERT_EQ(mesh.periodic.size(), 1u);
  EXPECT_EQ(mesh.periodic[0].direction, 1u);
  EXPECT_TRUE(make<2>({"Cells=3, 5", "Periodic=none"}).periodic.empty());
  EXPECT_TRUE(make<2>({"Geometry=notched bar"}).periodic.empty());
  const auto bar = make<3>({"Geometry=notched bar", "Dimension=3", "Periodic=z, y"});
  ASSERT_EQ(bar.periodic.size(), 2u);
  EXPECT_EQ(bar.periodic[1].lower, 4u);
  EXPECT_EQ(bar.periodic[1].upper, 5u);
  EXPECT_THAT(error_of({"Periodic=x, z"}), HasSubstr("there is no z in plane strain"));
  EXPECT_THAT(error_of_making<2>({"Geometry=ring", "Periodic=x"}),
              HasSubstr("the specimen has no boundary \"upper x\"; it has inner, lower x, lower y, "
                        "outer"));
}

TEST_F(SpecimenParametersTest, EveryShapeIsMadeFromItsSection)
{
  EXPECT_THAT(names(make<2>({"Geometry=plate with hole"})),
              ElementsAre("hole", "lower x", "lower y", "upper x", "upper y"));
  const auto plate = make<2>({"Geometry=plate with hole", "Plate with hole/Width=200",
                              "Plate with hole/Height=150", "Plate with hole/Hole radius=30"});
  EXPECT_NEAR(extent(plate)[0], 200.0, 1e-9);
  EXPECT_NEAR(extent(plate)[1], 150.0, 1e-9);

  const std::vector<std::string> bar = {
      "Geometry=notched bar",       "Notched bar/Width=200",       "Notched bar/Height=300",
      "Notched bar/Notch depth=50", "Notched bar/Notch radius=20", "Notched bar/Notch angle=60"};
  const auto notched = make<2>(bar);
  EXPECT_NEAR(extent(notched)[0], 200.0, 1e-9);
  EXPECT_NEAR(extent(notched)[1], 300.0, 1e-9);
  // The ligament: the distance of the roots.
  double root = 1e300;
  for (const auto &face : notched.coarse.active_face_iterators())
    if (face->at_boundary() && face->boundary_id() == 6)
      root = std::min({root, std::abs(face->vertex(0)[0]), std::abs(face->vertex(1)[0])});
  EXPECT_NEAR(root, 50.0, 1e-9);
  for (const auto &[key, value] : std::vector<std::pair<std::string, std::string>>{
           {"Notch radius", "10"}, {"Notch angle", "20"}})
  {
    auto changed = bar;
    changed.push_back("Notched bar/" + key + "=" + value);
    EXPECT_GT(std::abs(dealii::GridTools::volume(make<2>(changed).coarse) -
                       dealii::GridTools::volume(notched.coarse)),
              1.0)
        << key;
  }

  // The fillets turn by 60 degrees: cos = 1 - 30/60.
  const auto bone =
      make<2>({"Geometry=dog-bone", "Dog-bone/Gauge width=80", "Dog-bone/Gauge length=200",
               "Dog-bone/Grip width=140", "Dog-bone/Grip length=50", "Dog-bone/Fillet radius=60"});
  EXPECT_NEAR(extent(bone)[0], 140.0, 1e-9);
  EXPECT_NEAR(extent(bone)[1], 200.0 + 100.0 + 120.0 * std::sqrt(0.75), 1e-9);

  const auto cylinder =
      make<3>({"Geometry=cylinder", "Dimension=3", "Cylinder/Radius=30", "Cylinder/Length=90"});
  EXPECT_NEAR(extent(cylinder)[0], 60.0, 1e-9);
  EXPECT_NEAR(extent(cylinder)[2], 90.0, 1e-9);
  EXPECT_THAT(names(cylinder), ElementsAre("lateral", "lower z", "upper z"));

  const auto ring = make<2>(
      {"Geometry=ring", "Ring/Inner radius=50", "Ring/Outer radius=120", "Ring/Sector=whole"});
  EXPECT_NEAR(extent(ring)[0], 240.0, 1e-9);
  EXPECT_THAT(names(ring), ElementsAre("inner", "outer"));
  EXPECT_NEAR(extent(make<2>({"Geometry=ring", "Ring/Outer radius=120"}))[0], 120.0, 1e-9);
}

TEST_F(SpecimenParametersTest, AMeshFileIsReadWithItsUnit)
{
  const std::string file = std::string(SEEM_SOURCE_DIR) + "/meshes/plate_with_hole.msh";
  const auto mesh = make<2>(
      {"Geometry=mesh file", "Mesh file=" + file, "Mesh length unit=0.5", "Mesh format=gmsh"});
  EXPECT_NEAR(extent(mesh)[0], 120.0, 1e-9);
  EXPECT_EQ(mesh.boundary_names.count("hole"), 1u);
  EXPECT_EQ(make<2>({"Geometry=mesh file", "Mesh file=" + file, "Periodic=x"}).periodic.size(), 1u);
  EXPECT_THAT(error_of_making<2>({"Geometry=mesh file", "Mesh file=" + file, "Mesh format=vtk"}),
              HasSubstr("plate_with_hole.msh: line 1: expected \"# vtk DataFile Version\""));
  const auto square = write("a.inp", "4 2 0 0 0\n1 0 0 0\n2 1 0 0\n3 1 1 0\n4 0 1 0\n"
                                     "1 1 quad 1 2 3 4\n2 3 line 1 2\n");
  const std::vector<std::string> free = {"Geometry=mesh file", "Mesh file=" + square.string(),
                                         "Faces without id=free"};
  EXPECT_EQ(make<2>(free).boundary_names.at("free"), 0u);
  EXPECT_THAT(error_of_making<2>({free[0], free[1]}),
              HasSubstr("3 faces of the boundary have no id"));
}

TEST_F(SpecimenParametersTest, WhatDoesNotFitIsNamedWithTheCure)
{
  EXPECT_THAT(error_of({"Cells=3, 5, 7"}),
              HasSubstr("expected 2 numbers, since \"Specimen/Dimension\" is 2"));
  EXPECT_THAT(error_of({"Dimension=3", "Edges=30, 50"}), HasSubstr("expected 3 numbers"));
  EXPECT_THAT(error_of({"Cells=3, 5", "Edges=30, 50", "Cell edge=7"}),
              HasSubstr("\"Specimen/Edges\" and \"Specimen/Cells\" give it already; leave it "
                        "automatic"));
  EXPECT_THAT(error_of({"Geometry=ring", "Cells=3, 5"}),
              HasSubstr("is only used if \"Specimen/Geometry\" is box, not ring"));
  EXPECT_THAT(error_of({"Geometry=ring", "Edges=3, 5"}),
              HasSubstr("is only used if \"Specimen/Geometry\" is box, not ring"));
  EXPECT_THAT(error_of({"Geometry=cylinder"}), HasSubstr("needs \"Specimen/Dimension\" = 3"));
  EXPECT_THAT(error_of({"Dimension=3", "Thickness=5"}),
              HasSubstr("has no meaning for the geometry"));
  EXPECT_THAT(error_of({"Geometry=mesh file"}), HasSubstr("expected the name of a file"));
  EXPECT_THAT(error_of({"Mesh file=a.msh"}),
              HasSubstr("is only used if \"Specimen/Geometry\" is mesh file"));
  EXPECT_THAT(error_of({"Geometry=mesh file", "Mesh file=a.msh", "Cell edge=5"}),
              HasSubstr("the mesh file says how large the cells are"));
  EXPECT_THAT(error_of({"Cells=0, 5"}), HasSubstr("Cells"));
  EXPECT_THAT(error_of({"Periodic=w"}), HasSubstr("Periodic"));
  EXPECT_THAT(error_of_making<2>({"Geometry=plate with hole", "Plate with hole/Hole radius=160"}),
              HasSubstr("section \"Specimen/Plate with hole\": plate with hole: the hole of radius "
                        "160 nm"));
}
