// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/commands/problems.h>
#include <seem/core/exceptions.h>

#include <algorithm>

namespace seem::commands
{
  void Problems::add(const std::string &message)
  {
    if (std::find(messages.begin(), messages.end(), message) == messages.end())
      messages.push_back(message);
  }

  bool Problems::attempt(const std::function<void()> &work)
  {
    try
    {
      work();
      return true;
    }
    catch (const Error &error)
    {
      add(error.what());
      return false;
    }
  }

  bool attempt(Problems *problems, const std::function<void()> &work)
  {
    if (problems != nullptr)
      return problems->attempt(work);
    work();
    return true;
  }
} // namespace seem::commands
