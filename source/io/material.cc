// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/io/database_file.h>
#include <seem/io/material.h>

namespace seem::io
{
  std::shared_ptr<const law::SeemLaw> load_seem_law(const std::filesystem::path &path,
                                                    const law::SeemLawParameters &parameters,
                                                    const database::ElasticityChoice elasticity)
  {
    return database::make_seem_law(read_database(path), parameters, elasticity);
  }
} // namespace seem::io
