// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/statistics/trajectory_check.h>
#include <seem/statistics/validation_folds.h>

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>

namespace seem::statistics
{
  namespace
  {
    std::string glass_name(const SampleInfo &info)
    {
      return info.glass.empty() ? info.name : info.glass;
    }

    /// Folds from the group, 0 to n_groups - 1, that each run is held out with.
    std::vector<Fold> folds_of_groups(const std::vector<std::size_t> &group,
                                      const std::size_t n_groups)
    {
      std::vector<Fold> folds(n_groups);
      for (std::size_t run = 0; run < group.size(); ++run)
        for (std::size_t k = 0; k < n_groups; ++k)
          (group[run] == k ? folds[k].held_out : folds[k].training).push_back(run);
      return folds;
    }

    std::vector<std::size_t> label_numbers(const std::vector<Trajectory> &trajectories)
    {
      std::map<std::string, std::size_t> known;
      std::vector<std::size_t> result;
      for (const Trajectory &trajectory : trajectories)
        result.push_back(known.emplace(trajectory.info.label, known.size()).first->second);
      return result;
    }

    /// "a", or "a and 2 more".
    std::string name_of(const std::vector<std::string> &names)
    {
      return names.size() == 1 ? names.front()
                               : fmt::format("{} and {} more", names.front(), names.size() - 1);
    }
  } // namespace

  std::string name(const HoldOut hold_out)
  {
    return hold_out == HoldOut::glass ? "glass" : hold_out == HoldOut::label ? "label" : "none";
  }

  HoldOut hold_out(const std::string &name)
  {
    for (const HoldOut candidate : {HoldOut::glass, HoldOut::label, HoldOut::none})
      if (name == statistics::name(candidate))
        return candidate;
    throw InputError(
        fmt::format("\"{}\" can not be held out; expected glass, label or none", name));
  }

  std::vector<Fold> make_folds(const std::vector<Trajectory> &trajectories, const HoldOut hold_out,
                               const std::size_t n_folds)
  {
    if (trajectories.empty())
      throw InputError("there are no runs to validate with");
    if (hold_out == HoldOut::none)
    {
      Fold all;
      all.name = "nothing";
      all.training.resize(trajectories.size());
      std::iota(all.training.begin(), all.training.end(), std::size_t(0));
      all.held_out = all.training;
      return {all};
    }

    std::vector<std::size_t> group =
        hold_out == HoldOut::glass ? glass_numbers(trajectories) : label_numbers(trajectories);
    std::size_t n_groups = *std::max_element(group.begin(), group.end()) + 1;
    if (n_groups < 2)
      throw InputError(fmt::format(
          "all runs are of one {0}: holding it out leaves nothing to harvest; cross-validation by "
          "{0} needs at least two",
          name(hold_out)));
    if (hold_out == HoldOut::glass && n_folds > 0)
    {
      if (n_folds < 2 || n_folds > n_groups)
        throw InputError(
            fmt::format("{} folds of {} glasses: expected 2 to {}", n_folds, n_groups, n_groups));
      for (std::size_t &g : group)
        g %= n_folds;
      n_groups = n_folds;
    }

    std::vector<Fold> folds = folds_of_groups(group, n_groups);
    for (Fold &fold : folds)
    {
      std::vector<std::string> names;
      for (const std::size_t run : fold.held_out)
      {
        const SampleInfo &info = trajectories[run].info;
        const std::string one = hold_out == HoldOut::glass ? glass_name(info) : info.label;
        if (std::find(names.begin(), names.end(), one) == names.end())
          names.push_back(one);
      }
      fold.name = name_of(names);
    }
    return folds;
  }
} // namespace seem::statistics
