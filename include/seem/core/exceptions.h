// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_CORE_EXCEPTIONS_H
#define SEEM_CORE_EXCEPTIONS_H

#include <stdexcept>
#include <string>

namespace seem
{
  /**
   * Base of all errors that seem throws. The message is written for the user: it names the file,
   * line, column, key, cell or point, says what was found and what was expected, and, where there
   * is one, the cure.
   */
  class Error : public std::runtime_error
  {
  public:
    explicit Error(const std::string &message) : std::runtime_error(message)
    {
    }

    /// True if the same work may succeed with a smaller load increment.
    virtual bool recoverable() const noexcept
    {
      return false;
    }
  };

  /// The user's input is wrong: a file, a parameter, a combination of them. Never cured by a
  /// smaller step.
  class InputError : public Error
  {
  public:
    using Error::Error;
  };

  /// A step could not be made, but a smaller one may be: the load stepper rolls back and cuts.
  class StepError : public Error
  {
  public:
    /**
     * @param[in] admissible_share  advance no further than this share of the step that failed, 0..1
     */
    explicit StepError(const std::string &message, const double admissible_share = 0.5)
        : Error(message), share(admissible_share)
    {
    }

    bool recoverable() const noexcept override
    {
      return true;
    }

    /// The share of the failed step that may succeed.
    double admissible_share() const noexcept
    {
      return share;
    }

  private:
    double share;
  };
} // namespace seem

#endif
