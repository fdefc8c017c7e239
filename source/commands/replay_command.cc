// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/commands/replay_command.h>
#include <seem/core/exceptions.h>
#include <seem/core/version.h>
#include <seem/io/database_file.h>
#include <seem/io/table_reader.h>

#include <fmt/format.h>

#include <cmath>
#include <memory>
#include <optional>

namespace seem::commands
{
  namespace
  {
    /// Events at either end of the update that are printed.
    constexpr std::size_t n_shown_events = 20;

    std::string strain_text(const law::SymmetricTensor &strain)
    {
      return fmt::format("xx {:.9g}, yy {:.9g}, zz {:.9g}, yz {:.9g}, xz {:.9g}, xy {:.9g}",
                         strain[0], strain[1], strain[2], strain[3] / law::sqrt2,
                         strain[4] / law::sqrt2, strain[5] / law::sqrt2);
    }

    std::string state_text(const std::vector<law::StateField> &layout,
                           const std::vector<double> &state)
    {
      std::string text;
      auto number = state.begin();
      for (const law::StateField &field : layout)
      {
        const auto end = number + static_cast<std::ptrdiff_t>(field.size);
        text += fmt::format("  {} [{}]: {:.9g}\n", field.name, field.unit,
                            fmt::join(number, end, ", "));
        number = end;
      }
      return text;
    }

    std::string summary(const std::filesystem::path &path, const io::Replay &replay)
    {
      std::string text = fmt::format(
          "{}: the update of a material point that ended a run, written by seem {}\n\nError: {}\n",
          path.string(), replay.program_version, replay.message);
      text += fmt::format("Database: {} ({})\n", replay.database_file.string(),
                          replay.database_checksum);
      text += fmt::format(
          "Point: cell {}, quadrature point {}, m = {:.6g}{}\n", replay.point.key.cell,
          replay.point.key.quadrature_point, replay.point.volume_ratio,
          (replay.n_volumes > 0 ? fmt::format(", up to {} sub-volumes", replay.n_volumes) : "") +
              (replay.region > 0 ? fmt::format(", in region {}", replay.region) : ""));
      text += fmt::format("Strain from: {}\nStrain to:   {}\n", strain_text(replay.strain_begin),
                          strain_text(replay.strain_end));
      return text + "State before:\n" + state_text(replay.layout, replay.state);
    }

    class EventList final : public law::EventObserver
    {
    public:
      void event(const law::EventRecord &record) override
      {
        events.push_back(record);
      }

      std::vector<law::EventRecord> events;
    };

    std::string events_text(const std::vector<law::EventRecord> &events)
    {
      std::string text = fmt::format("Events: {}\n", events.size());
      if (events.empty())
        return text;
      text +=
          fmt::format("  {:>8} {:>5} {:>12} {:>12} {:>12} {:>12} {:>12} {:>12}\n", "number", "copy",
                      "path", "tau [GPa]", "X1 [eV]", "dtau [GPa]", "dX1 [eV]", "heat [GPa]");
      for (std::size_t i = 0; i < events.size(); ++i)
      {
        if (i == n_shown_events && events.size() > 2 * n_shown_events)
        {
          text += "  ...\n";
          i = events.size() - n_shown_events;
        }
        const law::EventRecord &e = events[i];
        text += fmt::format(
            "  {:>8} {:>5} {:>12.6g} {:>12.6g} {:>12.6g} {:>12.6g} {:>12.6g} {:>12.6g}\n", e.number,
            e.key.copy, e.path, e.before.tau, e.before.x[0], e.jump.dtau, e.jump.dx[0], e.heat);
      }
      return text;
    }

    /// How an update ended.
    struct Failure
    {
      std::optional<std::string> message; ///< of the exception, if there was one
      double admissible_share;            ///< 0 if no shorter path helps
    };

    /// The same failure as the one recorded? Another compiler may change last digits of the share.
    bool is_recorded(const Failure &failure, const io::Replay &replay)
    {
      return std::abs(failure.admissible_share - replay.admissible_share) < 1e-6 &&
             (!failure.message || *failure.message == replay.message);
    }

    /// The law of a part of a specimen: 0 is what lies outside the regions.
    const law::MaterialLaw &law_of_part(const law::MaterialLaw &main, const RunParameters &run,
                                        const unsigned int part)
    {
      return part == 0 ? main : *run.regions[part - 1].law;
    }

    /// The law of the run that failed.
    std::shared_ptr<const law::MaterialLaw> law_of(const io::Replay &replay,
                                                   const std::filesystem::path &path)
    {
      const std::string checksum = io::file_checksum(replay.database_file);
      if (checksum != replay.database_checksum)
        throw InputError(fmt::format("{}: its checksum is {}, but {} was made with {}: not the "
                                     "database of that run",
                                     replay.database_file.string(), checksum, path.string(),
                                     replay.database_checksum));
      Parameters parameters(RunParameters::declare);
      parameters.read_text(replay.parameters, path.string() + ", parameters");
      const RunParameters run = RunParameters::parse(parameters);
      if (replay.region > run.regions.size())
        throw InputError(
            fmt::format("{}: its parameters have no region {}", path.string(), replay.region));
      std::shared_ptr<const law::MaterialLaw> law =
          replay.region > 0
              ? run.regions[replay.region - 1].law
              : make_law(run.material, io::read_database(replay.database_file), replay.n_volumes);

      const std::vector<law::StateField> layout = law->state_layout();
      bool same = layout.size() == replay.layout.size();
      for (std::size_t i = 0; same && i < layout.size(); ++i)
        same = layout[i].name == replay.layout[i].name && layout[i].unit == replay.layout[i].unit &&
               layout[i].size == replay.layout[i].size;
      if (!same)
        throw InputError(fmt::format("{}: written by seem {}, whose states have other parts than "
                                     "those of seem {}",
                                     path.string(), replay.program_version, program_version));
      return law;
    }
  } // namespace

  io::Replay make_replay(const Parameters &parameters, const RunParameters &run,
                         const std::size_t n_volumes, const law::MaterialLaw &law,
                         const solver::FailedUpdate &failed)
  {
    io::Replay replay;
    replay.program_version = program_version;
    replay.parameters = parameters.print(ParameterFormat::prm);
    replay.database_file = std::filesystem::absolute(run.database_file).lexically_normal();
    replay.database_checksum = io::file_checksum(run.database_file);
    replay.point = failed.data;
    replay.n_volumes = static_cast<unsigned int>(n_volumes);
    replay.region = failed.material;
    replay.layout = law_of_part(law, run, failed.material).state_layout();
    replay.state = failed.state;
    replay.strain_begin = failed.strain_begin;
    replay.strain_end = failed.strain_end;
    replay.message = failed.message;
    replay.admissible_share = failed.admissible_share;
    return replay;
  }

  std::string replay_summary(const std::filesystem::path &path)
  {
    return summary(path, io::read_replay(path)) +
           fmt::format("\nRepeat the update: seem point --replay {}\n", path.string());
  }

  int replay_command(const std::filesystem::path &path)
  {
    const io::Replay replay = io::read_replay(path);
    fmt::print("{}", summary(path, replay));
    const std::shared_ptr<const law::MaterialLaw> law = law_of(replay, path);

    std::vector<double> state = replay.state;
    EventList list;
    std::optional<Failure> failure;
    try
    {
      // What a solver asks of the law, in its order: equilibrium with frozen events, then events.
      law->evaluate(state.data(), replay.strain_end);
      const law::Activity activity =
          law->advance(state.data(), replay.point, replay.strain_begin, replay.strain_end, &list);
      if (activity.admissible_share < 1.0)
        failure = {std::nullopt, activity.admissible_share};
    }
    catch (const StepError &error)
    {
      failure = {error.what(), error.admissible_share()};
    }
    catch (const Error &error)
    {
      failure = {error.what(), 0.0};
    }

    fmt::print("\nRepeated with seem {}\n{}", program_version, events_text(list.events));
    if (!failure)
    {
      fmt::print("State after:\n{}Outcome: the update succeeds now\n",
                 state_text(replay.layout, state));
      return 1;
    }
    const bool reproduced = is_recorded(*failure, replay);
    fmt::print("State after: as before, the update failed\nOutcome: the update fails {}{}\n",
               reproduced ? "as recorded" : "in another way than recorded",
               failure->message && !reproduced ? ": " + *failure->message : "");
    if (failure->admissible_share > 0.0)
      fmt::print("It can follow {:.6g} of the path\n", failure->admissible_share);
    return reproduced ? 0 : 1;
  }
} // namespace seem::commands
