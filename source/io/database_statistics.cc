// SPDX-License-Identifier: LGPL-2.1-or-later
#include "database_statistics.h"

namespace seem::io
{
  namespace
  {
    using database::FittedNumber;
    using database::Memory;

    struct MemoryName
    {
      const char *name;
      FittedNumber Memory::*number;
      const char *description;
    };

    constexpr MemoryName memory_names[] = {
        {"relaxation_strain", &Memory::relaxation_strain,
         "plastic strain of events over which x2 falls to 1/e"},
        {"mean", &Memory::mean, "x2 of a glass cooled at reference_rate_K_per_s, before the shear"},
        {"per_decade", &Memory::per_decade, "initial x2 per decade of the cooling rate"}};
  } // namespace

  void write_statistics(Hdf5Writer &file, const database::EventDatabase &database)
  {
    if (database.smoothing)
    {
      file.group("/smoothing",
                 "How the law smooths the events; without this group bins are pooled. "
                 "rate_curvature, size_curvature: second derivative of the logarithm "
                 "of rate or mean stress deficit across the grid that costs as much "
                 "as a standard deviation. kernel_events: effective number of events "
                 "that a jump is drawn from.");
      file.attribute("/smoothing", "rate_curvature", database.smoothing->rate_curvature);
      file.attribute("/smoothing", "size_curvature", database.smoothing->size_curvature);
      file.attribute("/smoothing", "kernel_events", database.smoothing->kernel_events);
    }
    if (!database.memory)
      return;
    file.group("/memory",
               "Memory of the preparation, the internal variable x2: at equal (tau, x1) "
               "jumps are exp(x2) times those of a glass without memory. It relaxes with "
               "the plastic strain of events.");
    file.attribute("/memory", "reference_rate_K_per_s", database.memory->reference_rate);
    for (const MemoryName &entry : memory_names)
    {
      const std::string name = std::string("/memory/") + entry.name;
      const FittedNumber &number = (*database.memory).*entry.number;
      file.group(name, entry.description);
      file.attribute(name, "value", number.value);
      file.attribute(name, "standard_error", number.standard_error);
      file.attribute(name, "unit", "1");
    }
  }

  void read_statistics(const Hdf5Reader &file, database::EventDatabase &database)
  {
    if (file.has_object("/smoothing"))
      database.smoothing = {file.double_attribute("/smoothing", "rate_curvature"),
                            file.double_attribute("/smoothing", "size_curvature"),
                            file.double_attribute("/smoothing", "kernel_events")};
    if (!file.has_object("/memory"))
      return;
    Memory memory;
    memory.reference_rate = file.double_attribute("/memory", "reference_rate_K_per_s");
    for (const MemoryName &entry : memory_names)
    {
      const std::string name = std::string("/memory/") + entry.name;
      memory.*entry.number = {file.double_attribute(name, "value"),
                              file.double_attribute(name, "standard_error")};
    }
    database.memory = memory;
  }

  void write_visits(Hdf5Writer &file, const database::EventDatabase &database)
  {
    const database::VisitTable &visits = database.visits;
    if (visits.size() == 0)
      return;
    file.group("/visits", "Where each sample spent its strain: one entry per sample and bin "
                          "that it visited, in the order of samples, then bins. Summed over "
                          "the samples they are exposure and n_increments of /grid.");
    file.dataset("/visits/sample", visits.sample, "1", "index into the arrays of /samples");
    file.dataset("/visits/bin", visits.bin, "1",
                 "index into the arrays of /grid, flattened: tau, axis 0, runs fastest");
    file.dataset("/visits/exposure", visits.exposure, "1",
                 "strain spent in the bin while loading forward");
    file.dataset("/visits/n_increments", visits.n_increments, "1",
                 "increments that began in the bin");
  }

  void read_visits(const Hdf5Reader &file, database::EventDatabase &database)
  {
    if (!file.has_object("/visits"))
      return;
    database.visits = {file.integers("/visits/sample"), file.integers("/visits/bin"),
                       file.doubles("/visits/exposure"), file.doubles("/visits/n_increments")};
  }
} // namespace seem::io
