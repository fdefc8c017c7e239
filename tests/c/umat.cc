// SPDX-License-Identifier: LGPL-2.1-or-later
#include "c_test.h"

#include <seem/c/umat.h>
#include <seem/io/material.h>
#include <seem/law/tensor.h>

#include <array>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <vector>

namespace
{
  using namespace seem;
  using ::testing::HasSubstr;

  /// One integration point with all that Abaqus hands to UMAT.
  struct Host
  {
    explicit Host(const int ntens)
        : ntens(ntens), stress(ntens), ddsdde(ntens * ntens), stran(ntens), dstran(ntens)
    {
    }

    /// One call; the increment is not yet accepted.
    void call()
    {
      const int ndi = 3, nshr = ntens - 3, nprops = static_cast<int>(props.size()),
                nstatv = static_cast<int>(statev.size());
      std::array<char, 80> cmname;
      cmname.fill(' ');
      std::memcpy(cmname.data(), name.data(), name.size());
      double rpl = 0, drpldt = 0, time[2] = {0, 0}, dtime = 1, temp = 0, dtemp = 0, celent = 1;
      std::vector<double> zero(6), identity = {1, 0, 0, 0, 1, 0, 0, 0, 1};
      umat_(stress.data(), statev.data(), ddsdde.data(), &sse, &spd, &scd, &rpl, zero.data(),
            zero.data(), &drpldt, stran.data(), dstran.data(), time, &dtime, &temp, &dtemp,
            zero.data(), zero.data(), cmname.data(), &ndi, &nshr, &ntens, &nstatv, props.data(),
            &nprops, zero.data(), drot.data(), &pnewdt, &celent, identity.data(), identity.data(),
            &noel, &npt, &layer, &kspt, &kstep, &kinc, cmname.size());
    }

    void accept()
    {
      for (int i = 0; i < ntens; ++i)
        stran[i] += dstran[i];
      ++kinc;
    }

    int ntens;
    std::vector<double> stress, ddsdde, stran, dstran;
    std::vector<double> statev = std::vector<double>(24);
    std::vector<double> props = {120.0, 3.0, 1.25, 0.004, 0.1};
    std::array<double, 9> drot = {1, 0, 0, 0, 1, 0, 0, 0, 1};
    std::string name = "Glass-1";
    double sse = 0, spd = 0, scd = 0, pnewdt = 1;
    int noel = 11, npt = 3, layer = 1, kspt = 1, kstep = 1, kinc = 1;
  };

  /// Strain of Abaqus (11, 22, 33, 12, 13, 23, engineering) as a tensor.
  law::SymmetricTensor tensor(const std::vector<double> &strain)
  {
    const bool plane = strain.size() == 4;
    return law::symmetric_tensor(strain[0], strain[1], strain[2], plane ? 0.0 : 0.5 * strain[5],
                                 plane ? 0.0 : 0.5 * strain[4], 0.5 * strain[3]);
  }

  class Umat : public seem::testing::CTest
  {
  protected:
    /// Every test has a path of its own, so no material of another test is met.
    Umat()
    {
      setenv("SEEM_DATABASE", path.c_str(), 1);
      name = directory.filename().string();
    }

    ~Umat() override
    {
      unsetenv("SEEM_DATABASE");
    }

    Host host(const int ntens) const
    {
      Host result(ntens);
      result.name = name;
      return result;
    }

    /// What UMAT writes on standard error; STRESS and DDSDDE must be NaN, STATEV as before.
    static std::string stop_message(Host point)
    {
      const std::vector<double> kept = point.statev;
      ::testing::internal::CaptureStderr();
      point.call();
      const std::string message = ::testing::internal::GetCapturedStderr();
      for (const double s : point.stress)
        EXPECT_TRUE(std::isnan(s));
      for (const double c : point.ddsdde)
        EXPECT_TRUE(std::isnan(c));
      EXPECT_EQ(point.statev, kept);
      EXPECT_EQ(point.pnewdt, 1.0);
      return message;
    }

    std::string name;
  };

  TEST_F(Umat, FollowsThePathOfTheLaw)
  {
    for (const int ntens : {4, 6})
    {
      Host point = host(ntens);
      point.props.insert(point.props.end(), {2.0, 1.0, 0.2, 0.0, 1e-3}); // scatter 0.2, MPa
      law::SeemLawParameters parameters = {120.0, 3};
      parameters.energy_bound = law::EnergyBound::clip;
      parameters.direction_spread = 0.2;
      parameters.plane_strain = ntens == 4;
      const auto law = io::load_seem_law(path, parameters);
      const law::PointData data = {{11, 2}, 1.25};
      State initial;
      initial.tau = 0.1;
      initial.x[0] = 0.004;
      std::vector<double> state(law->state_size());
      law->initialise(state.data(), data, initial);
      const double start = law->energy(state.data(), law::SymmetricTensor::Zero()).inelastic;

      std::vector<double> strain(ntens);
      for (int i = 1; i <= 50; ++i)
      {
        const std::vector<double> increment = {1e-3, -2e-3, 5e-4, 4e-3, -1e-3, 2e-3};
        point.dstran.assign(increment.begin(), increment.begin() + ntens);
        if (i > 40) // unloading
          for (double &e : point.dstran)
            e = -e;
        const law::SymmetricTensor begin = tensor(strain);
        for (int k = 0; k < ntens; ++k)
          strain[k] += point.dstran[k];
        const law::SymmetricTensor end = tensor(strain);
        law->advance(state.data(), data, begin, end, nullptr);
        point.call();
        point.accept();

        ASSERT_EQ(std::vector<double>(point.statev.begin() + 2, point.statev.begin() + 20), state)
            << ntens << " " << i;
        const law::SymmetricTensor sigma = law->evaluate(state.data(), end).stress;
        const std::vector<double> expected = {sigma[0],
                                              sigma[1],
                                              sigma[2],
                                              sigma[5] / law::sqrt2,
                                              sigma[4] / law::sqrt2,
                                              sigma[3] / law::sqrt2};
        for (int k = 0; k < ntens; ++k)
          EXPECT_DOUBLE_EQ(point.stress[k], 1e3 * expected[k]);
        const law::EnergyDensity energy = law->energy(state.data(), end);
        EXPECT_DOUBLE_EQ(point.sse, 1e3 * energy.elastic);
        EXPECT_DOUBLE_EQ(point.spd, 1e3 * energy.heat);
        EXPECT_DOUBLE_EQ(point.scd, 1e3 * (energy.inelastic - start));
        EXPECT_EQ(point.statev[0], 1.0);
        EXPECT_EQ(point.statev[1], start);
        const law::PointFields fields = law->fields(state.data(), end);
        EXPECT_EQ(point.statev[20], fields.tau);
        EXPECT_EQ(point.statev[21], fields.x1);
        EXPECT_EQ(point.statev[22], fields.plastic_shear);
        EXPECT_EQ(point.statev[23], fields.n_events);
      }
      EXPECT_GT(point.statev[23], 20.0);
      EXPECT_EQ(point.pnewdt, 1.0);
    }
  }

  TEST_F(Umat, EnergiesGrowByTheWork)
  {
    Host point = host(6);
    point.dstran = {1e-5, -2e-5, 5e-6, 4e-5, -1e-5, 2e-5};
    double work = 0.0, first = 0.0;
    std::vector<double> before(6);
    for (int i = 0; i < 5000; ++i)
    {
      if (i > 0)
        before = point.stress;
      point.call();
      if (i == 0)
        first = point.sse + point.spd + point.scd;
      else
        for (int k = 0; k < 6; ++k)
          work += 0.5 * (before[k] + point.stress[k]) * point.dstran[k];
      point.accept();
    }
    EXPECT_GT(point.statev[23], 20.0);
    EXPECT_GT(point.spd, 0.01);
    // The trapezium over an event is wrong by half its stress drop times the increment.
    EXPECT_NEAR(point.sse + point.spd + point.scd - first, work, 2e-3 * work);
  }

  TEST_F(Umat, RepeatedCallsGiveTheSameBits)
  {
    Host point = host(6);
    point.dstran = {0, 0, 0, 0.02, 0.01, 0};
    for (int i = 0; i < 10; ++i)
    {
      Host again = point, other = point;
      // An iteration of the solver in between must leave no trace.
      other.dstran = {0.01, 0, 0, -0.05, 0.1, 0};
      point.call();
      other.call();
      again.call();
      EXPECT_EQ(point.stress, again.stress);
      EXPECT_EQ(point.statev, again.statev);
      EXPECT_EQ(point.ddsdde, again.ddsdde);
      EXPECT_NE(point.stress, other.stress);
      point.accept();
    }
    EXPECT_GT(point.statev[23], 5.0);
  }

  TEST_F(Umat, TangentIsTheDerivativeOfTheStress)
  {
    for (const int ntens : {4, 6})
    {
      // To a stress, with events, and then one small increment without any.
      Host point = host(ntens);
      const std::vector<double> load = {4e-3, -2e-3, 3e-3, 0.1, -0.02, 0.03};
      point.dstran.assign(load.begin(), load.begin() + ntens);
      point.call();
      point.accept();
      const double n_events = point.statev[23];
      EXPECT_GT(n_events, 3.0);
      for (double &e : point.dstran)
        e *= 1e-4;
      Host end = point;
      end.call();
      ASSERT_EQ(end.statev[23], n_events);
      const double h = 1e-7;
      for (int j = 0; j < ntens; ++j)
      {
        Host up = point, down = point;
        up.dstran[j] += h;
        down.dstran[j] -= h;
        up.call();
        down.call();
        ASSERT_EQ(up.statev[23] + down.statev[23], 2.0 * n_events);
        for (int i = 0; i < ntens; ++i)
          EXPECT_NEAR(end.ddsdde[i + ntens * j], (up.stress[i] - down.stress[i]) / (2.0 * h), 1e-4)
              << i << " " << j;
      }
      EXPECT_GT(std::abs(end.ddsdde[3]), 1e-3); // the direction of the stress couples 11 and 12
    }
  }

  TEST_F(Umat, PointsAreNamedByElementIntegrationPointAndLayer)
  {
    const auto sheared = [&](const auto &change) {
      Host point = host(6);
      point.dstran[3] = 0.1;
      change(point);
      point.call();
      return point.statev;
    };
    const std::vector<double> statev = sheared([](Host &) {});
    EXPECT_EQ(sheared([](Host &p) { p.kspt = p.layer = 0; }), statev);
    EXPECT_NE(sheared([](Host &p) { p.noel = 12; }), statev);
    EXPECT_NE(sheared([](Host &p) { p.npt = 4; }), statev);
    EXPECT_NE(sheared([](Host &p) { p.kspt = 2; }), statev);
    EXPECT_NE(sheared([](Host &p) { p.layer = 2; }), statev);
  }

  TEST_F(Umat, EveryPropIsUsed)
  {
    const auto sheared = [&](const std::vector<double> &props) {
      Host point = host(6);
      point.props = props;
      point.dstran = {1e-3, 0, 0, 0.1, 0, 0};
      point.call();
      point.accept();
      for (int i = 0; i < 20; ++i) // unload and load again, for the record
      {
        point.dstran = {0, 0, 0, i % 2 == 0 ? -0.02 : 0.02, 0, 0};
        point.call();
        point.accept();
      }
      return point.stress[3] + point.stress[0];
    };
    const std::vector<double> props = {120, 3, 1, 0.004, 0.1, 2, 1, 0, 0, 1};
    const double stress = sheared(props);
    const std::vector<double> other = {100, 4, 2, 0.006, 0.2, 0, 0, 0.2, 2, 1e-3};
    for (std::size_t i = 0; i < props.size(); ++i)
    {
      std::vector<double> changed = props;
      changed[i] = other[i];
      EXPECT_NE(sheared(changed), stress) << "PROPS(" << i + 1 << ")";
    }
    // Defaults of what is missing; the volume of a point in nm^3 instead of m.
    EXPECT_EQ(sheared({120, 3, 1, 0.004, 0.1}), stress);
    EXPECT_EQ(sheared({120, 3, -64, 0.004, 0.1}), stress);
    EXPECT_EQ(sheared({120}), sheared({120, 1, 1, 0, 0, 2, 1, 0, 0, 1}));
  }

  TEST_F(Umat, TheMemoryIsGivenOrThatOfTheNearestRun)
  {
    io::write_database(path, remembering_glass());
    const auto memory = [&](const std::vector<double> &props) {
      Host point = host(6);
      point.props = props;
      point.dstran = {0, 0, 0, 1e-9, 0, 0};
      point.call();
      return point.statev[3]; // X2, behind the two of UMAT's own and X1
    };
    EXPECT_EQ(memory({120, 1, 1, 0.004}), -0.6);
    EXPECT_EQ(memory({120, 1, 1, 0.010, 0, 2, 1, 0, 0, 1}), 0.2);
    EXPECT_EQ(memory({120, 1, 1, 0.010, 0, 2, 1, 0, 0, 1, -0.1}), -0.1);
    Host point = host(6);
    point.props = {120, 1, 1, 0.010, 0, 2, 1, 0, 0, 1, NAN};
    EXPECT_THAT(stop_message(point), ::testing::HasSubstr("PROPS(11)"));
  }

  TEST_F(Umat, TheVariableOfTheMaterialComesFirst)
  {
    const std::string variable = "SEEM_DATABASE_METAL_GLASS_2";
    setenv("SEEM_DATABASE", "/nowhere/other.h5", 1);
    setenv(variable.c_str(), path.c_str(), 1);
    Host point(4);
    point.name = "metal-glass 2";
    point.dstran[3] = 0.01;
    point.call();
    EXPECT_GT(point.stress[3], 0.1);
    unsetenv(variable.c_str());
  }

  TEST_F(Umat, AnIncrementWithTooManyEventsIsCut)
  {
    // The default bound of 100000 events needs events that do not lower the stress much.
    auto db = seem::testing::flowing_glass();
    for (std::size_t i = 0; i < db.events.size(); ++i)
    {
      db.events.dtau[i] = 1e-7;
      db.events.dx[0][i] = 0.0;
    }
    io::write_database(directory / "creeping.h5", db);
    setenv("SEEM_DATABASE", (directory / "creeping.h5").c_str(), 1);
    Host point = host(6);
    point.dstran[3] = 1.0;
    const std::vector<double> statev = point.statev, stress = point.stress;
    point.call();
    EXPECT_GT(point.pnewdt, 0.0);
    EXPECT_LT(point.pnewdt, 1.0);
    EXPECT_EQ(point.statev, statev);
    EXPECT_EQ(point.stress, stress);
    point.dstran[3] = 0.999 * point.pnewdt;
    point.pnewdt = 1.0;
    point.call();
    EXPECT_EQ(point.pnewdt, 1.0);
    EXPECT_EQ(point.statev[0], 1.0);
  }

  TEST_F(Umat, WhatNoShorterIncrementCuresStops)
  {
    const auto message = [&](const auto &change) {
      Host point = host(6);
      point.dstran[3] = 0.01;
      change(point);
      return stop_message(point);
    };
    // Ten messages are written at most.
    EXPECT_THAT(message([](Host &p) { p.statev.resize(23); }), HasSubstr("at least 24"));
    EXPECT_THAT(message([](Host &p) { p.statev[0] = 2.0; }), HasSubstr("STATEV(1) is 2"));
    EXPECT_THAT(message([](Host &p) { p.stran[0] = 1e-3; }), HasSubstr("were not kept"));
    EXPECT_THAT(message([](Host &p) { p.drot[1] = 1e-3; }), HasSubstr("NLGEOM"));
    EXPECT_THAT(message([](Host &p) { p.props[1] = 0.5; }), HasSubstr("PROPS(2)"));
    EXPECT_THAT(message([](Host &p) { p.props[2] = -1e5; }), HasSubstr("PROPS(3)"));
    EXPECT_THAT(message([](Host &p) { p.props[0] = -1; }), HasSubstr("bulk modulus"));
    EXPECT_THAT(message([](Host &p) { p.npt = 65; }), HasSubstr("NPT 65"));
    EXPECT_THAT(message([](Host &p) { p.dstran[0] = std::numeric_limits<double>::quiet_NaN(); }),
                HasSubstr("element 11, point 3: strain_end[0]"));
    setenv("SEEM_DATABASE", "/nowhere/glass.h5", 1);
    EXPECT_THAT(message([](Host &p) { p.name = "LOST"; }),
                HasSubstr("material LOST, element 11, point 3: /nowhere/glass.h5"));
    Host plane_stress(3);
    plane_stress.name = name;
    EXPECT_EQ(stop_message(plane_stress), ""); // the eleventh
  }
} // namespace
