// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_IO_MATERIAL_H
#define SEEM_IO_MATERIAL_H

#include <seem/database/material.h>
#include <seem/law/seem_law.h>

#include <filesystem>
#include <memory>

namespace seem::io
{
  /**
   * The stochastic law of an event database, ready to use: read the file, make the elasticity and
   * the event statistics, put them together.
   * @param[in] path        file of `seem harvest`
   * @param[in] parameters  the bulk modulus must be set
   * @throws InputError     as read_database() and database::make_seem_law()
   */
  std::shared_ptr<const law::SeemLaw>
  load_seem_law(const std::filesystem::path &path, const law::SeemLawParameters &parameters,
                database::ElasticityChoice elasticity = database::ElasticityChoice::as_harvested);
} // namespace seem::io

#endif
