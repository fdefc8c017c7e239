// SPDX-License-Identifier: LGPL-2.1-or-later
#include "repeated_runs.h"

#include <seem/io/table_reader.h>

namespace seem::commands
{
  RowsKey rows_key(const statistics::Trajectory &run)
  {
    return {run.n_rows(), run.energy.front(), run.energy.back(), run.tau.back()};
  }

  void refuse_repeated_runs(const statistics::RunSource &runs,
                            const std::map<RowsKey, std::vector<std::size_t>> &alike)
  {
    std::vector<statistics::Trajectory> names(runs.size());
    for (std::size_t i = 0; i < runs.size(); ++i)
      names[i].info = runs.info(i);
    io::refuse_repeated_runs(names);
    for (const auto &[key, group] : alike)
    {
      std::vector<statistics::Trajectory> candidates;
      for (std::size_t k = 0; group.size() > 1 && k < group.size(); ++k)
        candidates.push_back(*runs.load(group[k]));
      io::refuse_repeated_runs(candidates);
    }
  }
} // namespace seem::commands
