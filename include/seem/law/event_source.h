// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_LAW_EVENT_SOURCE_H
#define SEEM_LAW_EVENT_SOURCE_H

#include <seem/core/random_stream.h>
#include <seem/core/state.h>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace seem::law
{
  /// How well the data support a state.
  enum class Support : std::uint8_t
  {
    inside,  ///< the bin was visited by the atomistic runs
    outside, ///< not visited: the nearest visited bin stands in
    forced   ///< above the highest sampled stress: an event is forced
  };

  /// The hazard of events along the elastic path from the given state up to shear stress tau_end at
  /// the same X: the rate changes linearly with the elastic shear strain.
  struct RatePiece
  {
    double rate;    ///< lambda at the state, events per unit shear strain and representative
                    ///< volume; infinity: at once
    double tau_end; ///< shear stress [GPa] up to which this holds; above the given tau
    Support support;
    double rate_end = rate; ///< lambda at tau_end, from below; finite where rate is, and equal to
                            ///< it if tau_end is infinite
  };

  /// Pieces of the hazard one after the other up the path, each from the end of the one before: the
  /// numbers of RatePiece. Without initial values, since it is filled in the innermost loop.
  struct RatePath
  {
    static constexpr std::size_t max_pieces = 3;

    struct Piece
    {
      double rate, tau_end, rate_end;
    };

    std::size_t n_pieces; ///< at least one
    std::array<Piece, max_pieces> pieces;
  };

  /// The jump of an event as it was drawn.
  struct DrawnEvent
  {
    Jump jump;
    Support support; ///< of the state it was drawn at
  };

  /**
   * The statistics of plastic events as the law sees them. Functions are pure: the law may call
   * them in any order.
   */
  class EventSource
  {
  public:
    virtual ~EventSource() = default;

    /// Number M of internal variables.
    virtual std::size_t n_internal_variables() const = 0;

    /**
     * The X that a volume starts from where not all of it is known: entries that are NaN are to be
     * replaced. By default by zero.
     */
    virtual InternalVariables completed(const InternalVariables &x) const
    {
      InternalVariables result = x;
      for (double &value : result)
        if (std::isnan(value))
          value = 0.0;
      return result;
    }

    /// Rate at @p state, tau >= 0, and how it goes on along the elastic path upwards.
    virtual RatePiece rate(const State &state) const = 0;

    /**
     * The same with the pieces that follow it up the path, as many as come cheaply. By default
     * there are none.
     */
    virtual void rates(const State &state, RatePath &path) const
    {
      const RatePiece piece = rate(state);
      path.n_pieces = 1;
      path.pieces[0] = {piece.rate, piece.tau_end, piece.rate_end};
    }

    /**
     * Draw the event at @p state. Within round-off of a stress above which events are forced, it
     * counts as forced.
     * @param[in] words  random numbers that pick the event: the first three of them; the last is
     * left to the caller
     */
    virtual DrawnEvent draw(const State &state, const RandomWords &words) const = 0;

    /**
     * The whole distribution that draw() draws from at @p state: @p visit is called with every
     * possible jump and its probability; the probabilities add up to 1.
     */
    virtual void
    for_each_jump(const State &state,
                  const std::function<void(const Jump &, double probability)> &visit) const = 0;
  };
} // namespace seem::law

#endif
