// SPDX-License-Identifier: LGPL-2.1-or-later
#include "prm_text.h"

#include <seem/commands/parameter_patterns.h>
#include <seem/commands/parameters.h>

#include <deal.II/base/parameter_handler.h>

#include <boost/property_tree/json_parser.hpp>
#include <boost/property_tree/ptree.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <limits>
#include <set>
#include <sstream>

namespace seem::commands
{
  using prm_text::join_path;
  using prm_text::split_path;

  /// One declared entry.
  struct Parameters::Entry
  {
    std::string name;
    std::string default_value;
    std::string documentation;
    std::string pattern; ///< in words
    bool required;

    /// What stands in the first brackets of the documentation: "GPa", "-", ...; empty if none do.
    std::string unit() const
    {
      const std::size_t open = documentation.find('[');
      const std::size_t close = documentation.find(']', open);
      return open == std::string::npos || close == std::string::npos
                 ? std::string()
                 : documentation.substr(open + 1, close - open - 1);
    }
  };

  /// A section: its entries and the sections in it, in the order of declaration.
  struct Parameters::Section
  {
    std::vector<std::string> path;
    std::vector<Entry> entries;
    std::vector<Section> sections;

    std::string shown() const
    {
      return path.empty() ? "outside of all sections"
                          : fmt::format("in section \"{}\"", fmt::join(path, "/"));
    }

    const Entry *find_entry(const std::string &name) const
    {
      const auto found = std::find_if(entries.begin(), entries.end(),
                                      [&](const Entry &entry) { return entry.name == name; });
      return found == entries.end() ? nullptr : &*found;
    }

    const Section *find_section(const std::string &name) const
    {
      const auto found = std::find_if(sections.begin(), sections.end(),
                                      [&](const Section &s) { return s.path.back() == name; });
      return found == sections.end() ? nullptr : &*found;
    }

    /// Call f(section, entry) for all entries in here and below.
    template <typename Function>
    void for_each(const Function &f) const
    {
      for (const Entry &entry : entries)
        f(*this, entry);
      for (const Section &section : sections)
        section.for_each(f);
    }

    /// From deal.II's own description of what was declared.
    static Section from_tree(const boost::property_tree::ptree &tree,
                             const std::vector<std::string> &path,
                             const std::set<std::string> &required)
    {
      Section section;
      section.path = path;
      for (const auto &[name, node] : tree)
        if (node.find("pattern_description") != node.not_found())
          section.entries.push_back({name, node.get<std::string>("default_value"),
                                     node.get<std::string>("documentation"),
                                     readable_pattern(node.get<std::string>("pattern_description")),
                                     required.count(join_path(path, name)) > 0});
        else if (node.find("alias") == node.not_found())
        {
          std::vector<std::string> below = path;
          below.push_back(name);
          section.sections.push_back(from_tree(node, below, required));
        }
      return section;
    }
  };

  /// Where a value came from.
  struct Parameters::Place
  {
    std::string text; ///< "x.prm:12" or "--set "A/B=3""
    bool is_command_line;
  };

  namespace
  {
    /// The path of an entry from deal.II's mangled form, "Linear_20solver.Max" -> "Linear
    /// solver/Max".
    std::string demangled(const std::string &path)
    {
      std::string result;
      for (std::size_t i = 0; i < path.size(); ++i)
        if (path[i] == '.')
          result += '/';
        else if (path[i] == '_' && i + 2 < path.size())
        {
          result += static_cast<char>(std::stoi(path.substr(i + 1, 2), nullptr, 16));
          i += 2;
        }
        else
          result += path[i];
      return result;
    }

    /// The required entries that are not set.
    std::set<std::string> not_set(const dealii::ParameterHandler &prm)
    {
      std::set<std::string> paths;
      for (const std::string &mangled : prm.get_entries_wrongly_not_set())
        paths.insert(demangled(mangled));
      return paths;
    }

    /// An entry's path taken apart into its sections and its key.
    std::pair<std::vector<std::string>, std::string> section_and_key(const std::string &path)
    {
      std::vector<std::string> names = split_path(path);
      const std::string key = names.back();
      names.pop_back();
      return {names, key};
    }
  } // namespace

  Parameters::Parameters(const Declaration &declare)
      : prm(std::make_unique<dealii::ParameterHandler>()), root(std::make_unique<Section>())
  {
    declare(*prm);
    std::stringstream description;
    prm->print_parameters(description, dealii::ParameterHandler::JSON |
                                           dealii::ParameterHandler::KeepDeclarationOrder);
    boost::property_tree::ptree tree;
    boost::property_tree::read_json(description, tree);
    *root = Section::from_tree(tree, {}, not_set(*prm));
  }

  Parameters::Parameters(Parameters &&) noexcept = default;

  Parameters::~Parameters() = default;

  Parameters Parameters::load(const Declaration &declare, const std::filesystem::path &file,
                              const std::vector<std::string> &assignments, Problems *problems)
  {
    Parameters parameters(declare);
    parameters.read(file, problems);
    for (const std::string &assignment : assignments)
      attempt(problems, [&] { parameters.set(assignment); });
    parameters.check_required(problems);
    return parameters;
  }

  const Parameters::Section &Parameters::find_section(const std::vector<std::string> &path,
                                                      const Place &place) const
  {
    const Section *section = root.get();
    for (const std::string &name : path)
    {
      const Section *next = section->find_section(name);
      if (next == nullptr)
      {
        std::vector<std::string> known;
        for (const Section &candidate : section->sections)
          known.push_back(candidate.path.back());
        throw InputError(fmt::format(
            "{}: no such section \"{}\"{}{}", place.text, name,
            section->path.empty() ? "" : " " + section->shown(),
            known.empty() ? ": there are no sections"
                          : fmt::format(": did you mean \"{}\"?", nearest(name, known))));
      }
      section = next;
    }
    return *section;
  }

  void Parameters::assign(const std::vector<std::string> &path, const std::string &key,
                          const std::string &value, const Place &place)
  {
    const Section &section = find_section(path, place);
    const Entry *entry = section.find_entry(key);
    if (entry == nullptr)
    {
      // A clearly better match in another section means that the section is wrong.
      const Section *best_section = nullptr;
      const Entry *best = nullptr;
      double smallest = std::numeric_limits<double>::infinity();
      root->for_each([&](const Section &s, const Entry &e) {
        const double d = mismatch(key, e.name) + (&s == &section ? 0.0 : 1.5);
        if (d < smallest)
        {
          smallest = d;
          best_section = &s;
          best = &e;
        }
      });
      throw InputError(fmt::format(
          "{}: no such parameter \"{}\" {}{}", place.text, key, section.shown(),
          best == nullptr
              ? ""
              : fmt::format(": did you mean \"{}\"{}?", best->name,
                            best_section == &section ? "" : " " + best_section->shown())));
    }

    for (const std::string &name : path)
      prm->enter_subsection(name);
    bool fits = true;
    try
    {
      prm->set(key, value);
    }
    catch (const dealii::ExceptionBase &)
    {
      fits = false;
    }
    for (std::size_t i = 0; i < path.size(); ++i)
      prm->leave_subsection();
    places.insert_or_assign(join_path(path, key), place);
    if (!fits)
      throw InputError(fmt::format("{}: \"{}\": found \"{}\", expected {}", place.text,
                                   join_path(path, key), value, entry->pattern));
  }

  void Parameters::read(const std::filesystem::path &file, Problems *problems)
  {
    file_name = file.string();
    std::error_code error;
    if (std::filesystem::is_directory(file, error))
      throw InputError(file_name + ": is a directory, expected a parameter file");
    std::ifstream input(file);
    if (!input)
      throw InputError(file_name + (std::filesystem::exists(file, error)
                                        ? ": the parameter file cannot be read"
                                        : ": no such parameter file"));
    directory = file.parent_path();
    read(input, problems);
  }

  void Parameters::read_text(const std::string &text, const std::string &name)
  {
    file_name = name;
    directory.clear();
    std::istringstream input(text);
    read(input, nullptr);
  }

  void Parameters::read(std::istream &input, Problems *problems)
  {
    // A section that is not known is told of once, not again for each of its entries.
    std::set<std::vector<std::string>> unknown;
    const auto is_in_unknown = [&](std::vector<std::string> section) {
      for (; !section.empty(); section.pop_back())
        if (unknown.count(section) > 0)
          return true;
      return false;
    };
    for (const prm_text::Statement &statement : prm_text::scan(input, file_name))
    {
      if (is_in_unknown(statement.section))
        continue;
      const Place place{fmt::format("{}:{}", file_name, statement.line), false};
      if (!statement.is_set)
      {
        if (!attempt(problems, [&] { find_section(statement.section, place); }))
          unknown.insert(statement.section);
        continue;
      }
      attempt(problems, [&] {
        const std::string path = join_path(statement.section, statement.key);
        const auto before = places.find(path);
        if (before != places.end())
          throw InputError(fmt::format("{}: \"{}\" was already set at {}", place.text, path,
                                       before->second.text));
        assign(statement.section, statement.key, statement.value, place);
      });
    }
  }

  void Parameters::set(const std::string &assignment)
  {
    const Place place{fmt::format("--set \"{}\"", assignment), true};
    const std::size_t equals = assignment.find('=');
    if (equals == std::string::npos)
      throw InputError(place.text + ": expected \"Section/Key=value\"");
    const auto [section, key] = section_and_key(assignment.substr(0, equals));
    assign(section, key, prm_text::trimmed(assignment.substr(equals + 1)), place);
  }

  void Parameters::check_required(Problems *problems) const
  {
    const std::set<std::string> missing = not_set(*prm);
    root->for_each([&](const Section &section, const Entry &entry) {
      const std::string path = join_path(section.path, entry.name);
      if (missing.count(path) > 0 && places.count(path) == 0) // else its value was refused
        attempt(problems, [&] {
          throw InputError(fmt::format("{}: the parameter \"{}\" {} has no default and must be "
                                       "set: {} Expected {}",
                                       file_name, entry.name, section.shown(), entry.documentation,
                                       entry.pattern));
        });
    });
  }

  bool Parameters::has(const std::string &path) const
  {
    const auto [section, key] = section_and_key(path);
    const Section *here = root.get();
    for (const std::string &name : section)
      if (here != nullptr)
        here = here->find_section(name);
    return here != nullptr && here->find_entry(key) != nullptr;
  }

  std::string Parameters::text(const std::string &path) const
  {
    const auto [section, key] = section_and_key(path);
    return prm->get(section, key);
  }

  double Parameters::number(const std::string &path) const
  {
    const auto [section, key] = section_and_key(path);
    return prm->get_double(section, key);
  }

  long Parameters::integer(const std::string &path) const
  {
    const auto [section, key] = section_and_key(path);
    return prm->get_integer(section, key);
  }

  bool Parameters::boolean(const std::string &path) const
  {
    const auto [section, key] = section_and_key(path);
    return prm->get_bool(section, key);
  }

  std::vector<double> Parameters::numbers(const std::string &path) const
  {
    std::vector<double> values;
    for (const std::string &part : dealii::Utilities::split_string_list(text(path), ","))
      values.push_back(dealii::Utilities::string_to_double(part));
    return values;
  }

  std::filesystem::path Parameters::file(const std::string &path) const
  {
    const std::string name = text(path);
    return name.empty() ? std::filesystem::path() : resolve_path(name, path);
  }

  std::filesystem::path Parameters::resolve_path(const std::string &name,
                                                 const std::string &path) const
  {
    const auto place = places.find(path);
    if (place != places.end() && place->second.is_command_line)
      return std::filesystem::path(name).lexically_normal();
    return (directory / name).lexically_normal();
  }

  InputError Parameters::error(const std::string &path, const std::string &what) const
  {
    const auto place = places.find(path);
    return InputError(fmt::format("{}: \"{}\" = \"{}\"{}: {}",
                                  place == places.end() ? file_name : place->second.text, path,
                                  text(path), place == places.end() ? " (the default)" : "", what));
  }

  std::map<std::string, std::string> Parameters::as_text() const
  {
    std::map<std::string, std::string> values;
    root->for_each([&](const Section &section, const Entry &entry) {
      values[join_path(section.path, entry.name)] = prm->get(section.path, entry.name);
    });
    return values;
  }

  dealii::ParameterHandler &Parameters::handler()
  {
    return *prm;
  }

  namespace
  {
    /// Comment lines of at most 90 columns.
    std::string comment(const std::string &text, const std::string &indent)
    {
      std::string result;
      for (const std::string &line : dealii::Utilities::break_text_into_lines(
               text, static_cast<unsigned int>(88 - indent.size())))
        result += fmt::format("{}# {}\n", indent, line);
      return result;
    }
  } // namespace

  std::string Parameters::print(const ParameterFormat format) const
  {
    if (format == ParameterFormat::json)
    {
      std::ostringstream out;
      prm->print_parameters(out, dealii::ParameterHandler::JSON |
                                     dealii::ParameterHandler::KeepDeclarationOrder);
      // deal.II's own description, and what it does not say to a reader who is no deal.II.
      auto tree = nlohmann::ordered_json::parse(out.str());
      root->for_each([&](const Section &section, const Entry &entry) {
        nlohmann::ordered_json *node = &tree;
        for (const std::string &name : section.path)
          node = &(*node)[name];
        nlohmann::ordered_json &described = (*node)[entry.name];
        described["accepts"] = entry.pattern;
        described["required"] = entry.required;
        if (const std::string unit = entry.unit(); !unit.empty())
          described["unit"] = unit;
      });
      return tree.dump(4) + "\n";
    }

    std::string result;
    const auto sentence = [](const Entry &entry) {
      return fmt::format("{} {}{}{}", entry.documentation, entry.required ? "Required. " : "",
                         static_cast<char>(std::toupper(entry.pattern[0])),
                         entry.pattern.substr(1));
    };
    const std::function<void(const Section &)> write_prm = [&](const Section &section) {
      const std::string indent(2 * section.path.size(), ' ');
      for (const Entry &entry : section.entries)
        result += fmt::format(
            "{}{}set {} = {}\n\n", comment(sentence(entry) + ".", indent), indent, entry.name,
            entry.required && places.count(join_path(section.path, entry.name)) == 0
                ? ""
                : prm->get(section.path, entry.name));
      for (const Section &below : section.sections)
      {
        result += fmt::format("{}subsection {}\n", indent, below.path.back());
        write_prm(below);
        result.pop_back(); // the blank line before "end"
        result += fmt::format("{}end\n\n", indent);
      }
    };
    const std::function<void(const Section &)> write_markdown = [&](const Section &section) {
      const auto cell = [](const std::string &text) {
        std::string escaped;
        for (const char c : text)
          escaped += c == '|' ? std::string("\\|") : std::string(1, c);
        return escaped;
      };
      if (!section.entries.empty())
      {
        result +=
            fmt::format("{} {}\n\n| Parameter | Default | Accepts | Meaning |\n|---|---|---|---|\n",
                        section.path.empty() ? "##" : "###",
                        section.path.empty() ? "Outside of all sections"
                                             : fmt::format("{}", fmt::join(section.path, "/")));
        for (const Entry &entry : section.entries)
          result +=
              fmt::format("| {} | {} | {} | {} |\n", cell(entry.name),
                          entry.required                ? "*required*"
                          : entry.default_value.empty() ? ""
                                                        : "`" + cell(entry.default_value) + "`",
                          cell(entry.pattern), cell(entry.documentation));
        result += "\n";
      }
      for (const Section &below : section.sections)
        write_markdown(below);
    };
    if (format == ParameterFormat::prm)
      write_prm(*root);
    else
      write_markdown(*root);
    return result;
  }
} // namespace seem::commands
