// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_COMMANDS_PARAMETERS_H
#define SEEM_COMMANDS_PARAMETERS_H

#include <seem/commands/problems.h>
#include <seem/core/exceptions.h>

#include <filesystem>
#include <functional>
#include <iosfwd>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace dealii
{
  class ParameterHandler;
}

namespace seem::commands
{
  /// How Parameters::print() writes.
  enum class ParameterFormat
  {
    prm,     ///< a parameter file with text, pattern and unit as comments
    json,    ///< for programs: deal.II's format, with unit, range in words, required
    markdown ///< tables for a manual
  };

  /**
   * The parameters of one command: a thin layer over dealii::ParameterHandler, which holds the
   * entries and checks every value against its pattern. This class adds where each value came from,
   * so that messages name file, line and key; the nearest known key where one is misspelt; `--set`;
   * and paths relative to the parameter file.
   *
   * An entry is named by its path "Section/Subsection/Key".
   */
  class Parameters
  {
  public:
    /// Declares all entries of a command.
    using Declaration = std::function<void(dealii::ParameterHandler &)>;

    explicit Parameters(const Declaration &declare);

    /**
     * The parameters of a run: declared, read from @p file, then overridden by @p assignments (see
     * set()); all required ones are there.
     * @param[in,out] problems  if given: collects every mistake but those of the file as a whole,
     * and the entries with mistakes keep their defaults
     * @throws InputError as read(), set() and check_required() do
     */
    static Parameters load(const Declaration &declare, const std::filesystem::path &file,
                           const std::vector<std::string> &assignments,
                           Problems *problems = nullptr);

    Parameters(Parameters &&) noexcept;
    ~Parameters();

    /**
     * Read a parameter file.
     * @throws InputError naming file and line: no such file, an unknown section or key (with the
     * nearest known one), a value that does not fit (with what is expected), a key that is set
     * twice, unbalanced sections
     */
    void read(const std::filesystem::path &file, Problems *problems = nullptr);

    /**
     * The same from a text, e.g. what print() wrote.
     * @param[in] name  of its source, for messages
     */
    void read_text(const std::string &text, const std::string &name);

    /**
     * Override one entry, as on the command line.
     * @param[in] assignment  "Section/Key=value"
     * @throws InputError as read() does
     */
    void set(const std::string &assignment);

    /// @throws InputError naming the first required entry that was not set
    void check_required(Problems *problems = nullptr) const;

    /// Whether an entry of this name was declared.
    bool has(const std::string &path) const;

    /// The value of an entry. The entry must have been declared.
    std::string text(const std::string &path) const;
    double number(const std::string &path) const;
    long integer(const std::string &path) const;
    bool boolean(const std::string &path) const;

    /// An entry that is a list of numbers separated by commas.
    std::vector<double> numbers(const std::string &path) const;

    /// An entry that names a file or directory, resolved; empty if the entry is.
    std::filesystem::path file(const std::string &path) const;

    /**
     * The file that a relative name means: relative to the directory of the parameter file; if it
     * came from `--set`, relative to the current directory.
     * @param[in] path  the entry whose value the name is (or is part of)
     */
    std::filesystem::path resolve_path(const std::string &name, const std::string &path) const;

    /// An error about the value of an entry: says where it was set, its name, its value, @p what.
    InputError error(const std::string &path, const std::string &what) const;

    /// Every entry as text, by path.
    std::map<std::string, std::string> as_text() const;

    /// All entries in the order of declaration, with their current values.
    std::string print(const ParameterFormat format) const;

    /// For code that reads the entries in deal.II's way.
    dealii::ParameterHandler &handler();

  private:
    struct Entry;
    struct Section;
    struct Place;

    void read(std::istream &input, Problems *problems);
    void assign(const std::vector<std::string> &section, const std::string &key,
                const std::string &value, const Place &place);
    const Section &find_section(const std::vector<std::string> &section, const Place &place) const;

    std::unique_ptr<dealii::ParameterHandler> prm;
    std::unique_ptr<Section> root; ///< the entries as declared, with texts and patterns
    std::map<std::string, Place> places;
    std::filesystem::path directory; ///< of the parameter file
    std::string file_name;           ///< as the user named it
  };

  /// Edit distance: inserted, deleted, replaced letters and swaps of neighbours count 1, another
  /// case 0.1.
  double edit_distance(const std::string &a, const std::string &b);

  /// How badly @p word fits @p candidate, of which it may be an abbreviation.
  double mismatch(const std::string &word, const std::string &candidate);

  /// The candidate that @p word fits best; empty if there is none.
  std::string nearest(const std::string &word, const std::vector<std::string> &candidates);
} // namespace seem::commands

#endif
