// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/commands/parameters.h>

#include <algorithm>
#include <cctype>

namespace seem::commands
{
  namespace
  {
    /// Cost of replacing @p a by @p b: another case is nearly the same letter.
    double replacement(const char a, const char b)
    {
      if (a == b)
        return 0.0;
      const auto lower = [](const char c) { return std::tolower(static_cast<unsigned char>(c)); };
      return lower(a) == lower(b) ? 0.1 : 1.0;
    }
  } // namespace

  double edit_distance(const std::string &a, const std::string &b)
  {
    std::vector<double> before_last(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j)
      row[j] = static_cast<double>(j);
    for (std::size_t i = 1; i <= a.size(); ++i)
    {
      before_last = std::move(last);
      last = std::move(row);
      row.assign(b.size() + 1, static_cast<double>(i));
      for (std::size_t j = 1; j <= b.size(); ++j)
      {
        row[j] = std::min(
            {last[j] + 1.0, row[j - 1] + 1.0, last[j - 1] + replacement(a[i - 1], b[j - 1])});
        if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
          row[j] = std::min(row[j], before_last[j - 2] + 1.0);
      }
    }
    return row.back();
  }

  double mismatch(const std::string &word, const std::string &candidate)
  {
    const double whole = edit_distance(word, candidate);
    if (word.size() < 2 || word.size() >= candidate.size())
      return whole;
    return std::min(whole, 1.0 + edit_distance(word, candidate.substr(0, word.size())));
  }

  std::string nearest(const std::string &word, const std::vector<std::string> &candidates)
  {
    const auto best = std::min_element(candidates.begin(), candidates.end(),
                                       [&](const std::string &a, const std::string &b) {
                                         return mismatch(word, a) < mismatch(word, b);
                                       });
    return best == candidates.end() ? "" : *best;
  }
} // namespace seem::commands
