// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_COMMANDS_PARAMETER_PATTERNS_H
#define SEEM_COMMANDS_PARAMETER_PATTERNS_H

#include <deal.II/base/patterns.h>

#include <memory>
#include <string>

namespace seem::commands
{
  /// A number greater than zero.
  dealii::Patterns::Double positive_number();

  /// A word, or a value of another pattern: e.g. "automatic" or a number.
  class WordOr : public dealii::Patterns::PatternBase
  {
  public:
    WordOr(const std::string &word, const dealii::Patterns::PatternBase &other);

    bool match(const std::string &text) const override;
    std::string
    description(const OutputStyle style = dealii::Patterns::PatternBase::Machine) const override;
    std::unique_ptr<PatternBase> clone() const override;

  private:
    std::string word;
    std::unique_ptr<PatternBase> other;
  };

  /**
   * What a pattern accepts, in words for messages and manuals: "a number, at least 0", "one of:
   * check, scale, one", ...
   * @param[in] description  the pattern's description as deal.II gives it for machines; returned as
   * it is if it is not known here
   */
  std::string readable_pattern(const std::string &description);
} // namespace seem::commands

#endif
