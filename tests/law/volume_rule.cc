// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/law/volume_rule.h>

#include <gtest/gtest.h>

using namespace seem::law;

TEST(VolumeRule, TheRatioIsTheVolumeInRepresentativeVolumesOrOne)
{
  EXPECT_EQ(volume_ratio(VolumeRule::check, 30.0, 20.0), 1.5);
  EXPECT_EQ(volume_ratio(VolumeRule::scale, 1e6, 20.0), 5e4);
  EXPECT_EQ(volume_ratio(VolumeRule::one, 1e6, 20.0), 1.0);
}

TEST(VolumeRule, SubVolumesAreTheRatioRoundedAndAtLeastOne)
{
  EXPECT_EQ(volume_ratio(VolumeRule::sub_rve, 50.0, 20.0), 2.5);
  EXPECT_EQ(n_sub_volumes(0.01), 1.0);
  EXPECT_EQ(n_sub_volumes(1.49), 1.0);
  EXPECT_EQ(n_sub_volumes(1.5), 2.0);
  EXPECT_EQ(n_sub_volumes(6.4), 6.0);
  EXPECT_EQ(n_sub_volumes(1e300), 1e300);
}
