// SPDX-License-Identifier: LGPL-2.1-or-later
#include "database_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace seem::python
{
  using database::EventDatabase;
  using database::Sample;

  namespace
  {
    std::string escaped(const std::string &text)
    {
      std::string result;
      for (const char c : text)
        switch (c)
        {
        case '&':
          result += "&amp;";
          break;
        case '<':
          result += "&lt;";
          break;
        case '>':
          result += "&gt;";
          break;
        default:
          result += c;
        }
      return result;
    }

    std::string row(const std::string &name, const std::string &value)
    {
      return fmt::format("<tr><th style=\"text-align:left\">{}</th><td style=\"text-align:left\">{}"
                         "</td></tr>",
                         escaped(name), escaped(value));
    }

    std::string material(const EventDatabase &database)
    {
      return database.material.empty() ? "unnamed material" : database.material;
    }

    /// "20 x 16 bins"
    std::string bins(const EventDatabase &database)
    {
      std::vector<std::size_t> n;
      for (const database::Axis &axis : database.axes)
        n.push_back(axis.n_bins());
      return fmt::format("{} bins", fmt::join(n, " x "));
    }

    /// "q8: 3, q10: 6"
    std::string samples(const EventDatabase &database)
    {
      std::vector<std::string> parts;
      for (const std::string &label : labels_of(database))
        parts.push_back(fmt::format(
            "{}: {}", label,
            std::count_if(database.samples.begin(), database.samples.end(),
                          [&](const Sample &sample) { return sample.label == label; })));
      return fmt::format("{}", fmt::join(parts, ", "));
    }
  } // namespace

  std::string with_error(const database::FittedNumber &number, const std::string &unit)
  {
    const std::string behind = unit.empty() ? "" : " " + unit;
    if (!std::isfinite(number.value))
      return "none (infinite)";
    if (!(number.standard_error > 0.0))
      return fmt::format("{:.6g}{}", number.value, behind);
    return fmt::format("{:.6g} ± {:.2g}{}", number.value, number.standard_error, behind);
  }

  std::vector<std::string> labels_of(const EventDatabase &database)
  {
    std::vector<const Sample *> sorted;
    for (const Sample &sample : database.samples)
      sorted.push_back(&sample);
    std::stable_sort(sorted.begin(), sorted.end(), [](const Sample *a, const Sample *b) {
      return a->cooling_rate < b->cooling_rate;
    });
    std::vector<std::string> labels;
    for (const Sample *sample : sorted)
      if (std::find(labels.begin(), labels.end(), sample->label) == labels.end())
        labels.push_back(sample->label);
    return labels;
  }

  std::string database_line(const EventDatabase &database)
  {
    return fmt::format("<seem.Database {}: {}, {} events of {} samples ({})>", material(database),
                       bins(database), database.events.size(), database.samples.size(),
                       samples(database));
  }

  std::string database_html(const EventDatabase &database)
  {
    double exposure = 0.0;
    for (const double e : database.exposure)
      exposure += e;
    std::string text = "<table>";
    text += row("seem.Database", material(database));
    text += row("representative volume",
                fmt::format("{:g} atoms, {:.1f} Å³", database.n_atoms, database.volume));
    text += row("samples", samples(database));
    for (const database::Axis &axis : database.axes)
      text +=
          row("axis " + axis.name, fmt::format("{} bins from {:.5g} to {:.5g} {}", axis.n_bins(),
                                               axis.edges.front(), axis.edges.back(), axis.unit));
    text += row("events", fmt::format("{} over a forward strain of {:.4g}: {:.1f} per unit strain",
                                      database.events.size(), exposure,
                                      static_cast<double>(database.events.size()) / exposure));
    text += row("G0", with_error(database.elasticity.g0, "GPa"));
    text += row("uA", with_error(database.elasticity.u_a, "eV per atom"));
    text += row("tauA", with_error(database.elasticity.tau_a, "GPa"));
    text += row("tauB", with_error(database.elasticity.tau_b, "GPa"));
    text += row("written by", "seem " + database.program_version);
    return text + "</table>";
  }
} // namespace seem::python
