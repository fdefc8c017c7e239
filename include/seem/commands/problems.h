// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_COMMANDS_PROBLEMS_H
#define SEEM_COMMANDS_PROBLEMS_H

#include <functional>
#include <string>
#include <vector>

namespace seem::commands
{
  /// Collects what is wrong with an input, where all of it is wanted and not the first alone.
  class Problems
  {
  public:
    /// Do @p work and keep the message of the seem::Error that it throws. @return whether it was
    /// done
    bool attempt(const std::function<void()> &work);

    void add(const std::string &message);

    bool none() const
    {
      return messages.empty();
    }

    /// In the order in which they were found, none twice.
    const std::vector<std::string> &list() const
    {
      return messages;
    }

  private:
    std::vector<std::string> messages;
  };

  /// The same where @p problems may be missing: then errors go their way. @return whether the work
  /// was done
  bool attempt(Problems *problems, const std::function<void()> &work);
} // namespace seem::commands

#endif
