// SPDX-License-Identifier: LGPL-2.1-or-later
#include "event_sizes_rows.h"
#include "scaled_sums.h"

#include <seem/database/harvested_elasticity.h>
#include <seem/database/state_grid.h>
#include <seem/statistics/event_sizes.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string>

namespace seem::statistics
{
  namespace
  {
    using event_sizes::smallest_mean;

    CoolingRates rates_of(const std::vector<database::Sample> &samples)
    {
      double low = std::numeric_limits<double>::infinity(), high = -low;
      for (const database::Sample &sample : samples)
        if (sample.cooling_rate > 0.0)
        {
          low = std::min(low, std::log10(sample.cooling_rate));
          high = std::max(high, std::log10(sample.cooling_rate));
        }
      if (!(high >= low))
        return {};
      return {0.5 * (low + high), 0.5 * (high - low), true};
    }
  } // namespace

  EventSizes::EventSizes(const database::EventDatabase &database, const double kernel_events)
      : rates(rates_of(database.samples))
  {
    const database::StateGrid grid(database.axes);
    const auto elasticity = database::harvested_elasticity(database, database.atomic_volume());
    const database::EventTable &table = database.events;
    constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
    std::vector<std::uint32_t> bin_of(database.n_bins(), none);
    std::map<std::string, std::uint32_t> glasses;
    double before = 0.0;
    Event event = {};
    for (std::size_t i = 0; i < table.size(); ++i)
    {
      if (i == 0 || table.sample[i] != table.sample[i - 1])
      {
        const database::Sample &sample = database.samples[table.sample[i]];
        before = 0.0;
        event.decades =
            sample.cooling_rate > 0.0 ? std::log10(sample.cooling_rate) - rates.middle : 0.0;
        event.glass =
            glasses.emplace(sample.glass, static_cast<std::uint32_t>(glasses.size())).first->second;
      }
      State state;
      state.tau = table.tau[i];
      state.x[0] = table.x[0][i];
      event.size = table.dtau[i];
      event.plastic = before;
      event.bin = static_cast<std::uint32_t>(grid.clamped_bin(state)); // of the grid, for now
      bin_of[event.bin] = 0;
      events.push_back(event);
      before += std::max(0.0, database::plastic_strain_at_begin(*elasticity, table, i));
    }

    std::vector<std::size_t> event_bins;
    for (std::size_t b = 0; b < bin_of.size(); ++b)
      if (bin_of[b] != none)
      {
        bin_of[b] = static_cast<std::uint32_t>(event_bins.size());
        event_bins.push_back(b);
      }
    for (Event &entry : events)
      entry.bin = bin_of[entry.bin];
    std::stable_sort(events.begin(), events.end(),
                     [](const Event &one, const Event &other) { return one.bin < other.bin; });
    weight.resize(event_bins.size());
    multiplicity.assign(glasses.size(), 1.0);
    for (const Event &entry : events)
      weight[entry.bin] += 1.0;
    make_kernels(database, event_bins, kernel_events);
    count();
    phi = measure_dispersion();
  }

  void EventSizes::set_multiplicity(const std::vector<double> &value)
  {
    multiplicity = value;
    count();
  }

  void EventSizes::count()
  {
    std::fill(weight.begin(), weight.end(), 0.0);
    Columns &c = columns;
    for (std::vector<double> *column :
         {&c.size, &c.decades, &c.plastic, &c.memory, &c.decay, &c.scaled})
      column->resize(events.size());
    c.groups.clear();

    std::vector<double> weights = multiplicity; // the different ones, ascending
    std::sort(weights.begin(), weights.end());
    weights.erase(std::unique(weights.begin(), weights.end()), weights.end());
    std::vector<std::uint32_t> class_of_glass;
    for (const double w : multiplicity)
      class_of_glass.push_back(static_cast<std::uint32_t>(
          std::lower_bound(weights.begin(), weights.end(), w) - weights.begin()));

    std::size_t n = 0;
    std::vector<std::size_t> place(weights.size());
    for (auto first = events.cbegin(); first != events.cend();)
    {
      const std::uint32_t bin = first->bin;
      std::fill(place.begin(), place.end(), 0);
      auto last = first;
      for (; last != events.cend() && last->bin == bin; ++last)
        ++place[class_of_glass[last->glass]];
      for (std::size_t k = 0; k < weights.size(); ++k)
      {
        const std::size_t size = weights[k] > 0.0 ? place[k] : 0;
        place[k] = n;
        if (size == 0)
          continue;
        c.groups.push_back({bin, n, n + size, weights[k]});
        weight[bin] += weights[k] * static_cast<double>(size);
        n += size;
      }
      for (; first != last; ++first)
      {
        const std::uint32_t k = class_of_glass[first->glass];
        if (!(weights[k] > 0.0))
          continue;
        const std::size_t at = place[k]++;
        c.size[at] = first->size;
        c.decades[at] = first->decades;
        c.plastic[at] = first->plastic;
      }
    }
    smooth_weight.assign(weight.size(), 0.0);
    for (std::size_t l = 0; l < weight.size(); ++l)
      event_sizes::add_scaled(weight.size(), kernel[l].data(), weight[l], smooth_weight.data());
  }

  /// Gaussian weights between the bins that hold events, each as wide as it needs to be.
  void EventSizes::make_kernels(const database::EventDatabase &database,
                                const std::vector<std::size_t> &event_bins,
                                const double kernel_events)
  {
    const database::StateGrid grid(database.axes);
    kernel.assign(event_bins.size(), std::vector<double>(event_bins.size()));
    for (std::size_t k = 0; k < event_bins.size(); ++k)
    {
      const std::vector<std::size_t> here = grid.indices(event_bins[k]);
      std::vector<double> square;
      for (const std::size_t other : event_bins)
      {
        const std::vector<std::size_t> there = grid.indices(other);
        double sum = 0.0;
        for (std::size_t d = 0; d < here.size(); ++d)
          sum += std::pow(static_cast<double>(here[d]) - static_cast<double>(there[d]), 2);
        square.push_back(sum);
      }
      // Few distances are different: the exponential of each is taken once.
      std::vector<double> distances = square, decays;
      std::sort(distances.begin(), distances.end());
      distances.erase(std::unique(distances.begin(), distances.end()), distances.end());
      std::vector<std::size_t> which;
      for (const double s : square)
        which.push_back(static_cast<std::size_t>(
            std::lower_bound(distances.begin(), distances.end(), s) - distances.begin()));
      double narrow = 0.1, wide = 1e3;
      for (unsigned int iteration = 0; iteration < 40; ++iteration)
      {
        const double width = std::sqrt(narrow * wide);
        decays.clear();
        for (const double s : distances)
          decays.push_back(std::exp(-0.5 * s / (width * width)));
        double sum = 0.0, squares = 0.0;
        for (std::size_t l = 0; l < event_bins.size(); ++l)
        {
          const double w = decays[which[l]];
          sum += w * weight[l];
          squares += w * w * weight[l];
        }
        (sum * sum < kernel_events * squares ? narrow : wide) = width;
      }
      for (std::size_t l = 0; l < square.size(); ++l)
        kernel[l][k] = std::exp(-0.5 * square[l] / (wide * wide));
    }
  }

  EventSizes::Sums EventSizes::smoothed(const Sums &sums) const
  {
    const std::size_t n = sums.size();
    std::array<std::vector<double>, 4> columns;
    for (std::vector<double> &column : columns)
      column.assign(n, 0.0);
    for (std::size_t l = 0; l < n; ++l)
      event_sizes::add_scaled(
          n, kernel[l].data(), sums[l],
          {{columns[0].data(), columns[1].data(), columns[2].data(), columns[3].data()}});
    Sums result(n);
    for (std::size_t k = 0; k < n; ++k)
      for (std::size_t c = 0; c < 4; ++c)
        result[k][c] = columns[c][k];
    return result;
  }

  double EventSizes::measure_dispersion() const
  {
    Sums sums(weight.size(), {{0.0, 0.0, 0.0, 0.0}});
    for (const Event &event : events)
      sums[event.bin][0] += event.size;
    const Sums smooth = smoothed(sums);
    double result = 0.0;
    for (const Event &event : events)
    {
      const double mean = std::max(smooth[event.bin][0] / smooth_weight[event.bin], smallest_mean);
      result += std::pow(event.size / mean - 1.0, 2) / static_cast<double>(events.size());
    }
    return std::max(result, 1e-3);
  }

  EventSizes::Value EventSizes::operator()(const double a, const double b,
                                           const double relaxation_strain) const
  {
    Columns &c = columns;
    const auto rows = [&](const Group &group) {
      return event_sizes::Rows{group.end - group.begin, c.size.data() + group.begin,
                               c.decades.data() + group.begin, c.plastic.data() + group.begin,
                               group.weight};
    };
    const auto parts = [&](const Group &group) {
      return event_sizes::Parts{c.memory.data() + group.begin, c.decay.data() + group.begin,
                                c.scaled.data() + group.begin};
    };
    Sums sums(weight.size(), {{0.0, 0.0, 0.0, 0.0}});
    for (const Group &group : c.groups)
    {
      const event_sizes::Sum of_group =
          event_sizes::scale(rows(group), a, b, relaxation_strain, parts(group));
      for (std::size_t k = 0; k < 4; ++k)
        sums[group.bin][k] += of_group[k];
    }
    const Sums smooth = smoothed(sums);
    Value result;
    for (const Group &group : c.groups)
    {
      const event_sizes::Sum of_group =
          event_sizes::deviance(rows(group), parts(group), relaxation_strain, smooth[group.bin],
                                smooth_weight[group.bin]);
      result.sum += of_group[0];
      for (std::size_t k = 0; k < 3; ++k)
        result.gradient[k] += of_group[k + 1];
    }
    return result;
  }
} // namespace seem::statistics
