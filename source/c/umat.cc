// SPDX-License-Identifier: LGPL-2.1-or-later
// Stands on the C interface alone, so that this one file can be compiled and linked with a host.
#include <seem/c/seem.h>
#include <seem/c/umat.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

// Abaqus ends the analysis by this; other hosts need not have it.
extern "C" void xit_() __attribute__((weak));

namespace
{
  /// What no shorter increment cures.
  class Stop : public std::runtime_error
  {
  public:
    using std::runtime_error::runtime_error;
  };

  /// A result of the C interface that must be SEEM_OK.
  void check(const int result)
  {
    if (result != SEEM_OK)
      throw Stop(seem_last_error());
  }

  enum Prop
  {
    bulk_modulus,
    seed,
    volume,
    initial_x1,
    initial_tau,
    energy_bound,
    record,
    direction_spread,
    elasticity,
    stress_unit,
    initial_x2,
    n_props
  };

  using Props = std::array<double, n_props>;

  constexpr double not_given = std::numeric_limits<double>::infinity();

  Props read_props(const double *props, const int nprops)
  {
    // Infinity, as it equals itself: X2 is not given.
    Props all = {0.0, 1.0, 1.0, 0.0, 0.0, 2.0, 1.0, 0.0, 0.0, 1.0, not_given};
    if (nprops < 1)
      throw Stop("PROPS(1), the bulk modulus in GPa, is missing");
    std::copy_n(props, std::min<int>(nprops, n_props), all.begin());
    return all;
  }

  /// PROPS(i + 1) as a whole number.
  double whole(const Props &props, const Prop i, const double largest)
  {
    const double value = props[i];
    if (!(value >= 0.0 && value <= largest && value == std::floor(value)))
      throw Stop("PROPS(" + std::to_string(i + 1) + ") is " + std::to_string(value) +
                 "; it must be a whole number from 0 to " +
                 std::to_string(static_cast<long long>(largest)));
    return value;
  }

  /// A material as PROPS describe it.
  struct Material
  {
    seem_law *law;
    std::size_t state_size;
    double volume_ratio;
    double stress_unit; ///< [GPa]
    seem_initial initial;
  };

  /// The event database of a material.
  std::string database_of(const std::string &name)
  {
    std::string variable = "SEEM_DATABASE_";
    for (const char c : name)
    {
      const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
      variable += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : plain ? c : '_';
    }
    for (const char *const place : {variable.c_str(), "SEEM_DATABASE"})
    {
      const char *const path = std::getenv(place);
      if (path != nullptr && *path != '\0')
        return path;
    }
    throw Stop("no event database: set the environment variable " + variable +
               " or SEEM_DATABASE to the file of `seem harvest`");
  }

  Material make_material(const std::string &name, const Props &props, const int ntens)
  {
    seem_parameters parameters;
    check(seem_parameters_init(&parameters, sizeof(parameters)));
    parameters.bulk_modulus = props[bulk_modulus];
    parameters.seed = static_cast<std::uint64_t>(whole(props, seed, 9007199254740992.0));
    parameters.energy_bound = static_cast<int>(whole(props, energy_bound, 2.0));
    parameters.record = static_cast<int>(whole(props, record, 1.0));
    parameters.direction_spread = props[direction_spread];
    parameters.elasticity = static_cast<int>(whole(props, elasticity, 1.0));
    parameters.plane_strain = ntens == 4 ? 1 : 0;
    if (!(props[stress_unit] > 0.0 && std::isfinite(props[stress_unit])))
      throw Stop("PROPS(10), the unit of stress in GPa, must be positive");

    Material material = {};
    material.stress_unit = props[stress_unit];
    material.initial.tau = props[initial_tau];
    material.initial.x[0] = props[initial_x1];
    std::fill(std::begin(material.initial.x) + 1, std::end(material.initial.x),
              std::numeric_limits<double>::quiet_NaN());
    if (props[initial_x2] != not_given)
    {
      if (!std::isfinite(props[initial_x2]))
        throw Stop("PROPS(11), the initial memory X2, must be finite");
      material.initial.x[1] = props[initial_x2];
    }
    check(seem_law_create(&material.law, SEEM_KIND_SEEM, database_of(name).c_str(), &parameters));
    material.state_size = seem_state_size(material.law);
    material.volume_ratio = props[volume];
    if (props[volume] < 0.0 &&
        seem_volume_ratio(material.law, -props[volume], &material.volume_ratio) != SEEM_OK)
    {
      const std::string message = seem_last_error();
      seem_law_destroy(material.law);
      throw Stop("PROPS(3): " + message);
    }
    return material;
  }

  /// The material of a call: made once, kept until the end of the process.
  const Material &find_material(const std::string &name, const Props &props, const int ntens)
  {
    using Key = std::pair<std::pair<std::string, int>, std::vector<double>>;
    static std::mutex mutex;
    // Never destroyed: other threads may still be in here when the process ends.
    static auto *const materials = new std::map<Key, Material>;

    // Nearly every call is for the material of the one before.
    struct Last
    {
      std::string name;
      int ntens;
      Props props;
      const Material *material;
    };
    thread_local Last last = {};
    if (last.material != nullptr && last.ntens == ntens && last.props == props && last.name == name)
      return *last.material;

    for (const double p : props)
      if (!std::isfinite(p))
        throw Stop("PROPS must be finite");
    const std::lock_guard<std::mutex> lock(mutex);
    const Key key = {{name, ntens}, {props.begin(), props.end()}};
    auto found = materials->find(key);
    if (found == materials->end())
      found = materials->emplace(key, make_material(name, props, ntens)).first;
    last = {name, ntens, props, &found->second};
    return found->second;
  }

  /// The number of an integration point, of a section point and of a layer as one.
  std::uint16_t point_number(const int npt, const int kspt, const int layer)
  {
    // Hosts without sections may pass 0.
    const int section = std::max(kspt, 1) - 1, ply = std::max(layer, 1) - 1;
    if (npt < 1 || npt > 64 || section >= 16 || ply >= 64)
      throw Stop("NPT " + std::to_string(npt) + ", KSPT " + std::to_string(kspt) + ", LAYER " +
                 std::to_string(layer) +
                 ": at most 64 integration points, 16 section points and 64 layers can be told "
                 "apart");
    return static_cast<std::uint16_t>(npt - 1 + 64 * section + 1024 * ply);
  }

  /// Component i of Abaqus (11, 22, 33, 12, 13, 23) in the C interface (xx, yy, zz, yz, xz, xy).
  constexpr std::array<int, 6> component = {0, 1, 2, 5, 4, 3};

  struct Call
  {
    double *stress, *statev, *ddsdde, *sse, *spd, *scd;
    const double *stran, *dstran, *drot;
    int ntens, nstatv, noel;
  };

  void check_call(const Call &call, const int ndi, const int nshr)
  {
    if (ndi != 3 || !((call.ntens == 4 && nshr == 1) || (call.ntens == 6 && nshr == 3)))
      throw Stop("NDI " + std::to_string(ndi) + ", NSHR " + std::to_string(nshr) + ", NTENS " +
                 std::to_string(call.ntens) +
                 ": elements must be 3D (3, 3, 6) or plane strain (3, 1, 4)");
    for (int i = 0; i < 9; ++i)
      if (!(std::abs(call.drot[i] - (i % 4 == 0 ? 1.0 : 0.0)) < 1e-9))
        throw Stop("DROT is not the identity: the law is one of small strain, use NLGEOM=NO");
  }

  /// Follow the increment. Returns the share of it that may be followed; below 1 nothing was done.
  double update(const Call &call, const Material &material, const seem_point &point)
  {
    const std::size_t n = material.state_size;
    if (call.nstatv < static_cast<int>(n) + 6)
      throw Stop("there are " + std::to_string(call.nstatv) + " STATEV; *DEPVAR must be at least " +
                 std::to_string(n + 6));

    std::array<double, 6> begin = {}, end = {};
    bool at_zero = true;
    for (int i = 0; i < call.ntens; ++i)
    {
      begin[component[i]] = call.stran[i];
      end[component[i]] = call.stran[i] + call.dstran[i];
      at_zero = at_zero && call.stran[i] == 0.0;
    }

    std::vector<double> state(call.statev + 2, call.statev + 2 + n);
    double start = call.statev[1];
    if (call.statev[0] == 0.0)
    {
      if (!at_zero)
        throw Stop("STATEV(1) is 0, not yet initialised, but STRAN is not zero: STATEV of the "
                   "increments before were not kept");
      check(seem_initialise(material.law, state.data(), &point, &material.initial));
      seem_energy_density energy;
      check(seem_energy(material.law, state.data(), begin.data(), &energy));
      start = energy.inelastic;
    }
    else if (call.statev[0] != 1.0)
      throw Stop("STATEV(1) is " + std::to_string(call.statev[0]) +
                 "; it must be 0, not yet initialised, or 1");

    double share = 1.0;
    const int result =
        seem_advance(material.law, state.data(), &point, begin.data(), end.data(), nullptr, &share);
    if (result > 0)
      return share;
    check(result);

    std::array<double, 6> stress;
    std::array<double, 36> tangent;
    seem_energy_density energy;
    seem_point_fields fields;
    check(seem_evaluate(material.law, state.data(), end.data(), stress.data(), tangent.data()));
    check(seem_energy(material.law, state.data(), end.data(), &energy));
    check(seem_fields(material.law, state.data(), end.data(), &fields));

    // From here on nothing can fail.
    const double unit = material.stress_unit;
    for (int i = 0; i < call.ntens; ++i)
    {
      call.stress[i] = stress[component[i]] / unit;
      for (int j = 0; j < call.ntens; ++j)
        call.ddsdde[i + call.ntens * j] = tangent[6 * component[i] + component[j]] / unit;
    }
    *call.sse = energy.elastic / unit;
    *call.spd = energy.heat / unit;
    *call.scd = (energy.inelastic - start) / unit;
    call.statev[0] = 1.0;
    call.statev[1] = start;
    std::copy(state.begin(), state.end(), call.statev + 2);
    double *const output = call.statev + 2 + n;
    output[0] = fields.tau;
    output[1] = fields.x1;
    output[2] = fields.plastic_shear;
    output[3] = fields.n_events;
    return 1.0;
  }

  /// CMNAME without the blanks at its end.
  std::string material_name(const char *cmname, const std::size_t length)
  {
    const std::string name(cmname, std::min<std::size_t>(length, 80));
    return name.substr(0, name.find_last_not_of(" \0", std::string::npos, 2) + 1);
  }

  void stop(const Call &call, const int npt, const std::string &material, const char *message)
  {
    static std::atomic<int> n_messages = 0;
    if (n_messages++ < 10)
      std::fprintf(stderr, "seem: UMAT: material %s, element %d, point %d: %s\n", material.c_str(),
                   call.noel, npt, message);
    const double nan = std::numeric_limits<double>::quiet_NaN();
    std::fill_n(call.stress, call.ntens, nan);
    std::fill_n(call.ddsdde, call.ntens * call.ntens, nan);
    if (xit_ != nullptr)
      xit_();
  }
} // namespace

void umat_(double *stress, double *statev, double *ddsdde, double *sse, double *spd, double *scd,
           double *, double *, double *, double *, const double *stran, const double *dstran,
           const double *, const double *, const double *, const double *, const double *,
           const double *, const char *cmname, const int *ndi, const int *nshr, const int *ntens,
           const int *nstatv, const double *props, const int *nprops, const double *,
           const double *drot, double *pnewdt, const double *, const double *, const double *,
           const int *noel, const int *npt, const int *layer, const int *kspt, const int *,
           const int *, const std::size_t cmname_length)
{
  const Call call = {stress, statev, ddsdde, sse,    spd,     scd,
                     stran,  dstran, drot,   *ntens, *nstatv, *noel};
  std::string name;
  try
  {
    name = material_name(cmname, cmname_length);
    check_call(call, *ndi, *nshr);
    if (*noel < 0)
      throw Stop("NOEL is negative");
    const Material &material = find_material(name, read_props(props, *nprops), *ntens);
    const seem_point point = {static_cast<std::uint64_t>(*noel), point_number(*npt, *kspt, *layer),
                              material.volume_ratio};
    const double share = update(call, material, point);
    if (share < 1.0)
      *pnewdt = std::min(*pnewdt, share);
  }
  catch (const std::exception &error)
  {
    stop(call, *npt, name, error.what());
  }
}
