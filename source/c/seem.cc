// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/c/seem.h>
#include <seem/core/exceptions.h>
#include <seem/core/version.h>
#include <seem/database/material.h>
#include <seem/io/database_file.h>
#include <seem/law/j2_law.h>
#include <seem/law/linear_elastic_law.h>
#include <seem/law/mean_flow_law.h>
#include <seem/law/seem_law.h>
#include <seem/law/volume_rule.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <exception>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <mutex>
#include <new>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using seem::InputError;
using seem::law::SymmetricTensor;

struct seem_law
{
  std::shared_ptr<const seem::law::MaterialLaw> law;
  std::vector<seem::law::StateField> layout = {};
  std::vector<seem::database::Sample> samples = {};
  double representative_volume = 0.0; ///< [nm^3]; 0: the law has none
  seem::law::VolumeRule volume_rule = seem::law::VolumeRule::check;
};

static_assert(seem::max_internal_variables == sizeof(seem_initial::x) / sizeof(double),
              "seem_initial and seem_event hold as many internal variables as State");

namespace
{
  /// Message of the last call; a fixed array, so that keeping it cannot fail.
  thread_local char last_error[2048] = "";

  int fail(const int result, const char *message) noexcept
  {
    std::snprintf(last_error, sizeof(last_error), "%s", message);
    return result;
  }

  /// The call itself is wrong.
  class ArgumentError : public std::invalid_argument
  {
  public:
    using std::invalid_argument::invalid_argument;
  };

  /// Every function of the interface runs in here: exceptions become results.
  template <typename Function>
  int guarded(const Function &function) noexcept
  {
    last_error[0] = '\0';
    try
    {
      return function();
    }
    catch (const ArgumentError &error)
    {
      return fail(SEEM_STOP_ARGUMENT, error.what());
    }
    catch (const InputError &error)
    {
      return fail(SEEM_STOP_INPUT, error.what());
    }
    catch (const std::bad_alloc &)
    {
      return fail(SEEM_STOP_MEMORY, "out of memory");
    }
    catch (const std::exception &error)
    {
      return fail(SEEM_STOP_OTHER, error.what());
    }
    catch (...)
    {
      return fail(SEEM_STOP_OTHER, "an exception of unknown type");
    }
  }

  template <typename Pointer>
  void require(const Pointer *pointer, const char *name)
  {
    if (pointer == nullptr)
      throw ArgumentError(fmt::format("the argument {} is null", name));
  }

  SymmetricTensor strain_tensor(const double *strain, const char *name)
  {
    require(strain, name);
    for (int i = 0; i < 6; ++i)
      if (!std::isfinite(strain[i]))
        throw InputError(fmt::format("{}[{}] is {}: a strain must be finite", name, i, strain[i]));
    return seem::law::symmetric_tensor(strain[0], strain[1], strain[2], 0.5 * strain[3],
                                       0.5 * strain[4], 0.5 * strain[5]);
  }

  seem::law::PointData point_data(const seem_point *point)
  {
    require(point, "point");
    if (!(point->volume_ratio > 0.0) || !std::isfinite(point->volume_ratio))
      throw InputError(fmt::format("cell {}, quadrature point {}: the volume ratio m = {} must be "
                                   "positive",
                                   point->cell, point->quadrature_point, point->volume_ratio));
    return {{point->cell, point->quadrature_point}, point->volume_ratio};
  }

  /// The value of an enumeration that a caller gave as a number.
  template <typename Enum>
  Enum choice(const char *name, const int value, const std::initializer_list<Enum> choices)
  {
    if (value < 0 || static_cast<std::size_t>(value) >= choices.size())
      throw InputError(
          fmt::format("{} is {}; it must be 0 to {}", name, value, choices.size() - 1));
    return choices.begin()[value];
  }

  seem::law::SeemLawParameters seem_law_parameters(const seem_parameters &given)
  {
    using seem::law::EnergyBound;
    seem::law::SeemLawParameters parameters;
    parameters.bulk_modulus = given.bulk_modulus;
    parameters.seed = given.seed;
    parameters.energy_bound = choice("energy_bound", given.energy_bound,
                                     {EnergyBound::report, EnergyBound::redraw, EnergyBound::clip});
    parameters.record = choice("record", given.record, {false, true});
    parameters.plane_strain = choice("plane_strain", given.plane_strain, {false, true});
    parameters.direction_spread = given.direction_spread;
    parameters.max_events_per_update = given.max_events_per_update;
    return parameters;
  }

  seem::database::EventDatabase read_database(const char *path)
  {
    if (path == nullptr || *path == '\0')
      throw InputError("this law needs an event database, and none is given; `seem harvest` makes "
                       "one");
    // HDF5 is not thread-safe as it is commonly built.
    static std::mutex mutex;
    const std::lock_guard<std::mutex> lock(mutex);
    return seem::io::read_database(path);
  }

  /// The one place where a law of a kind is made.
  seem_law make_law(const int kind, const char *path, const seem_parameters &parameters)
  {
    using seem::database::ElasticityChoice;
    using seem::law::VolumeRule;
    const VolumeRule rule = choice("volume_rule", parameters.volume_rule,
                                   {VolumeRule::check, VolumeRule::scale, VolumeRule::one});
    switch (kind)
    {
    case SEEM_KIND_SEEM:
    case SEEM_KIND_MEAN_FLOW: {
      const auto elasticity =
          choice("elasticity", parameters.elasticity,
                 {ElasticityChoice::as_harvested, ElasticityChoice::energy_consistent,
                  ElasticityChoice::linear});
      const seem::law::SeemLawParameters of_seem = seem_law_parameters(parameters);
      seem::database::EventDatabase database = read_database(path);
      seem_law law = {};
      if (kind == SEEM_KIND_SEEM)
        law.law = seem::database::make_seem_law(database, of_seem, elasticity);
      else
      {
        seem::law::MeanFlowLawParameters of_flow;
        of_flow.bulk_modulus = of_seem.bulk_modulus;
        of_flow.energy_bound = of_seem.energy_bound;
        of_flow.record = of_seem.record;
        law.law = std::make_shared<const seem::law::MeanFlowLaw>(
            seem::database::make_elasticity(database, elasticity),
            seem::database::make_event_source(database), of_flow);
      }
      law.samples = std::move(database.samples);
      law.representative_volume = database.volume * 1e-3;
      law.volume_rule = rule;
      return law;
    }
    case SEEM_KIND_LINEAR_ELASTIC:
      return {std::make_shared<const seem::law::LinearElasticLaw>(parameters.shear_modulus,
                                                                  parameters.bulk_modulus)};
    case SEEM_KIND_J2:
      return {std::make_shared<const seem::law::J2Law>(
          seem::law::J2LawParameters{parameters.shear_modulus, parameters.bulk_modulus,
                                     parameters.yield_stress, parameters.hardening})};
    default:
      throw InputError(fmt::format("there is no law of kind {}", kind));
    }
  }

  /// Hands events on to a function of the caller.
  class FunctionObserver : public seem::law::EventObserver
  {
  public:
    FunctionObserver(const seem_event_function function, void *context)
        : function(function), context(context)
    {
    }

    void event(const seem::law::EventRecord &record) override
    {
      seem_event event = {};
      event.cell = record.key.cell;
      event.quadrature_point = record.key.quadrature_point;
      event.number = record.number;
      event.path = record.path;
      event.before.tau = record.before.tau;
      std::copy(record.before.x.begin(), record.before.x.end(), event.before.x);
      event.dtau = record.jump.dtau;
      std::copy(record.jump.dx.begin(), record.jump.dx.end(), event.dx);
      event.heat = record.heat;
      event.plastic_shear = record.plastic_shear;
      function(&event, context);
    }

  private:
    seem_event_function function;
    void *context;
  };

  /// Mandel components over those of this interface: stress; for a strain the inverse.
  double mandel_factor(const int i)
  {
    return i < 3 ? 1.0 : seem::law::sqrt2;
  }

  /// C = K 1(x)1 + 2 G_t N(x)N + 2 G_s (P_dev - N(x)N) as d stress_i/d strain_j.
  void fill_tangent(const seem::law::Tangent &tangent, double *matrix)
  {
    const SymmetricTensor &n = tangent.direction;
    for (int i = 0; i < 6; ++i)
      for (int j = 0; j < 6; ++j)
      {
        const double both = i < 3 && j < 3 ? 1.0 : 0.0;
        const double value = tangent.bulk * both +
                             2.0 * tangent.secant * ((i == j ? 1.0 : 0.0) - both / 3.0) +
                             2.0 * (tangent.shear - tangent.secant) * n[i] * n[j];
        matrix[6 * i + j] = value / (mandel_factor(i) * mandel_factor(j));
      }
  }
} // namespace

const char *seem_version(void)
{
  return seem::program_version;
}

const char *seem_last_error(void)
{
  return last_error;
}

int seem_parameters_init(seem_parameters *parameters, const size_t size)
{
  return guarded([&] {
    require(parameters, "parameters");
    if (size != sizeof(seem_parameters))
      throw ArgumentError(fmt::format("seem_parameters has {} bytes in the caller and {} in the "
                                      "library: header and library are of different versions",
                                      size, sizeof(seem_parameters)));
    *parameters = {};
    parameters->size = size;
    parameters->seed = 1;
    parameters->elasticity = SEEM_ELASTICITY_AS_HARVESTED;
    parameters->energy_bound = SEEM_ENERGY_BOUND_CLIP;
    parameters->record = 1;
    parameters->volume_rule = SEEM_VOLUME_RULE_CHECK;
    parameters->max_events_per_update = seem::law::SeemLawParameters().max_events_per_update;
    return SEEM_OK;
  });
}

int seem_law_create(seem_law **law, const int kind, const char *database,
                    const seem_parameters *parameters)
{
  return guarded([&] {
    require(law, "law");
    *law = nullptr;
    require(parameters, "parameters");
    if (parameters->size != sizeof(seem_parameters))
      throw ArgumentError("the parameters were not filled by seem_parameters_init()");
    auto made = std::make_unique<seem_law>(make_law(kind, database, *parameters));
    made->layout = made->law->state_layout();
    *law = made.release();
    return SEEM_OK;
  });
}

void seem_law_destroy(seem_law *law)
{
  delete law;
}

size_t seem_state_size(const seem_law *law)
{
  std::size_t size = 0;
  if (law != nullptr)
    for (const seem::law::StateField &field : law->layout)
      size += field.size;
  return size;
}

size_t seem_state_field_count(const seem_law *law)
{
  return law == nullptr ? 0 : law->layout.size();
}

int seem_state_field_get(const seem_law *law, const size_t index, seem_state_field *field)
{
  return guarded([&] {
    require(law, "law");
    require(field, "field");
    if (index >= law->layout.size())
      throw ArgumentError(
          fmt::format("the state has {} parts; there is no part {}", law->layout.size(), index));
    const seem::law::StateField &part = law->layout[index];
    *field = {part.name.c_str(), part.unit.c_str(), part.size, 0};
    for (std::size_t i = 0; i < index; ++i)
      field->offset += law->layout[i].size;
    return SEEM_OK;
  });
}

size_t seem_sample_count(const seem_law *law)
{
  return law == nullptr ? 0 : law->samples.size();
}

int seem_sample_get(const seem_law *law, const size_t index, seem_sample *sample)
{
  return guarded([&] {
    require(law, "law");
    require(sample, "sample");
    if (index >= law->samples.size())
      throw ArgumentError(
          fmt::format("the database has {} runs; there is no run {}", law->samples.size(), index));
    const seem::database::Sample &run = law->samples[index];
    *sample = {run.name.c_str(), run.label.c_str(), run.glass.c_str(), run.cooling_rate, {}};
    sample->initial.tau = run.initial.tau;
    std::copy(run.initial.x.begin(), run.initial.x.end(), sample->initial.x);
    return SEEM_OK;
  });
}

int seem_volume_ratio(const seem_law *law, const double volume, double *volume_ratio)
{
  return guarded([&] {
    require(law, "law");
    require(volume_ratio, "volume_ratio");
    if (!(volume > 0.0) || !std::isfinite(volume))
      throw InputError(
          fmt::format("the volume of a point is {} nm^3; it must be positive", volume));
    const double rve = law->representative_volume;
    const double m = rve > 0.0 ? seem::law::volume_ratio(law->volume_rule, volume, rve) : 1.0;
    if (law->volume_rule == seem::law::VolumeRule::check &&
        (m < seem::law::smallest_volume_ratio || m > seem::law::largest_volume_ratio))
      throw InputError(fmt::format("a point of {:.4g} nm^3 is m = {:.4g} representative volumes of "
                                   "{:.4g} nm^3; m must be {} "
                                   "to {}, or choose another volume rule",
                                   volume, m, rve, seem::law::smallest_volume_ratio,
                                   seem::law::largest_volume_ratio));
    *volume_ratio = m;
    return SEEM_OK;
  });
}

int seem_initialise(const seem_law *law, double *state, const seem_point *point,
                    const seem_initial *initial)
{
  return guarded([&] {
    require(law, "law");
    require(state, "state");
    require(initial, "initial");
    seem::State start;
    start.tau = initial->tau;
    std::copy(std::begin(initial->x), std::end(initial->x), start.x.begin());
    if (!std::isfinite(start.tau) || !std::isfinite(start.x[0]) ||
        std::any_of(start.x.begin(), start.x.end(), [](const double x) { return std::isinf(x); }))
      throw InputError(
          "the initial stress and X1 must be finite, further internal variables finite "
          "or NaN (not known)");
    law->law->initialise(state, point_data(point), start);
    return SEEM_OK;
  });
}

int seem_evaluate(const seem_law *law, const double *state, const double strain[6],
                  double stress[6], double *tangent)
{
  return guarded([&] {
    require(law, "law");
    require(state, "state");
    require(stress, "stress");
    const seem::law::Response response = law->law->evaluate(state, strain_tensor(strain, "strain"));
    for (int i = 0; i < 6; ++i)
      stress[i] = response.stress[i] / mandel_factor(i);
    if (tangent != nullptr)
      fill_tangent(response.tangent, tangent);
    return SEEM_OK;
  });
}

int seem_advance(const seem_law *law, double *state, const seem_point *point,
                 const double strain_begin[6], const double strain_end[6], seem_activity *activity,
                 double *share)
{
  return seem_advance_observed(law, state, point, strain_begin, strain_end, activity, share,
                               nullptr, nullptr);
}

int seem_advance_observed(const seem_law *law, double *state, const seem_point *point,
                          const double strain_begin[6], const double strain_end[6],
                          seem_activity *activity, double *share,
                          const seem_event_function function, void *context)
{
  return guarded([&]() -> int {
    if (activity != nullptr)
      *activity = {};
    if (share != nullptr)
      *share = 1.0;
    require(law, "law");
    require(state, "state");
    const auto retry = [&](const double admissible, const char *message) {
      if (share != nullptr)
        *share = admissible;
      return fail(SEEM_RETRY, message);
    };
    try
    {
      FunctionObserver observer(function, context);
      const seem::law::Activity done = law->law->advance(
          state, point_data(point), strain_tensor(strain_begin, "strain_begin"),
          strain_tensor(strain_end, "strain_end"), function == nullptr ? nullptr : &observer);
      if (done.admissible_share < 1.0)
        return retry(done.admissible_share,
                     fmt::format("cell {}, quadrature point {}: too many events in one update; "
                                 "follow at most {:.3g} of the step",
                                 point->cell, point->quadrature_point, done.admissible_share)
                         .c_str());
      if (activity != nullptr)
        *activity = {done.n_events,  done.n_outside, done.n_forced,       done.n_capped,
                     done.n_gaining, done.heat,      done.forward_strain, done.backward_strain};
      return SEEM_OK;
    }
    catch (const seem::StepError &error)
    {
      return retry(error.admissible_share(), error.what());
    }
  });
}

int seem_energy(const seem_law *law, const double *state, const double strain[6],
                seem_energy_density *energy)
{
  return guarded([&] {
    require(law, "law");
    require(state, "state");
    require(energy, "energy");
    const seem::law::EnergyDensity density =
        law->law->energy(state, strain_tensor(strain, "strain"));
    *energy = {density.elastic, density.inelastic, density.heat};
    return SEEM_OK;
  });
}

int seem_fields(const seem_law *law, const double *state, const double strain[6],
                seem_point_fields *fields)
{
  return guarded([&] {
    require(law, "law");
    require(state, "state");
    require(fields, "fields");
    const seem::law::PointFields scalars = law->law->fields(state, strain_tensor(strain, "strain"));
    *fields = {scalars.tau, scalars.x1, scalars.plastic_shear, scalars.n_events};
    return SEEM_OK;
  });
}
