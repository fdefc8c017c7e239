// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/commands/parameter_patterns.h>

#include <fmt/format.h>

#include <limits>
#include <regex>

namespace seem::commands
{
  dealii::Patterns::Double positive_number()
  {
    return dealii::Patterns::Double(std::numeric_limits<double>::min());
  }

  WordOr::WordOr(const std::string &word, const PatternBase &other)
      : word(word), other(other.clone())
  {
  }

  bool WordOr::match(const std::string &text) const
  {
    return text == word || other->match(text);
  }

  std::string WordOr::description(const OutputStyle style) const
  {
    return fmt::format("[Word {} or {}]", word, other->description(style));
  }

  std::unique_ptr<dealii::Patterns::PatternBase> WordOr::clone() const
  {
    return std::make_unique<WordOr>(word, *other);
  }

  namespace
  {
    /// "at least 3", "between 0 and 1", ...; empty if there is no bound.
    std::string range(const std::string &low, const std::string &high)
    {
      const bool has_low = low != "-MAX_DOUBLE" && low != "-2147483648";
      const bool has_high = high != "MAX_DOUBLE" && high != "2147483647";
      const bool positive = low == "2.22507e-308";
      if (positive)
        return has_high ? fmt::format(" greater than 0, at most {}", high) : " greater than 0";
      if (has_low && has_high)
        return fmt::format(" from {} to {}", low, high);
      if (has_low)
        return fmt::format(", at least {}", low);
      if (has_high)
        return fmt::format(", at most {}", high);
      return "";
    }
  } // namespace

  std::string readable_pattern(const std::string &description)
  {
    static const std::regex number(
        R"(\[(Double|Integer range|Double|Integer)( (\S+)\.\.\.(\S+) \(inclusive\))?\])"),
        selection(R"(\[Selection (.*\S)\s*\])"), word(R"(\[Word (\S+) or (.*)\])"),
        list(
            R"(\[List of <(.*)> of length (\d+)\.\.\.(\d+) \(inclusive\)(?: separated by <(.*)>)?\])");
    std::smatch found;
    if (std::regex_match(description, found, number))
      return (found[1] == "Double" ? "a number" : "a whole number") +
             (found[2].matched ? range(found[3], found[4]) : "");
    if (std::regex_match(description, found, selection))
      return "one of: " + std::regex_replace(found[1].str(), std::regex(R"(\|)"), ", ");
    if (std::regex_match(description, found, word))
      return fmt::format("the word \"{}\", or {}", found[1].str(), readable_pattern(found[2]));
    if (std::regex_match(description, found, list))
    {
      const std::string what = readable_pattern(found[1]);
      if (found[2] == found[3])
        return fmt::format("{} values separated by commas, each {}", found[2].str(), what);
      return "a list separated by commas, each " + what;
    }
    if (description == "[Bool]")
      return "true or false";
    if (description == "[Anything]")
      return "any text";
    if (description.rfind("[FileName", 0) == 0)
      return "the name of a file";
    if (description.rfind("[DirectoryName", 0) == 0)
      return "the name of a directory";
    return description;
  }
} // namespace seem::commands
