// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOURCE_COMMANDS_PRM_TEXT_H
#define SEEM_SOURCE_COMMANDS_PRM_TEXT_H

#include <cstddef>
#include <istream>
#include <string>
#include <vector>

/// Helpers for the text of parameter files, private to the commands layer.
namespace seem::commands::prm_text
{
  /// One statement of a parameter file: "subsection ..." or "set key = value".
  struct Statement
  {
    std::size_t line;                 ///< counted from 1
    std::vector<std::string> section; ///< names from the outermost section on
    bool is_set;                      ///< false: the innermost section begins here
    std::string key;
    std::string value;
  };

  /**
   * Take a parameter file in deal.II's format apart: sections, `set` lines, comments from `#`,
   * lines continued by a backslash. What the names and values mean is not looked at.
   * @param[in] name  of the file, for messages
   * @throws InputError naming file and line: a line that is none of these, sections that do not
   * balance, an `include`
   */
  std::vector<Statement> scan(std::istream &input, const std::string &name);

  /// Without blanks at the ends.
  std::string trimmed(const std::string &text);

  /// Without blanks at the ends, and with single blanks inside.
  std::string squeezed(const std::string &text);

  /// Section names or a path taken apart at '/'.
  std::vector<std::string> split_path(const std::string &path);

  /// The path of a key: "Section/Subsection/Key".
  std::string join_path(const std::vector<std::string> &section, const std::string &key);
} // namespace seem::commands::prm_text

#endif
