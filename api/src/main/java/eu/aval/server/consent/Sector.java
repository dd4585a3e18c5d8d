// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.consent;

/** What messages are about, where a law or a rule pack makes a difference. */
public enum Sector {
    /** Everything else. */
    GENERAL,
    /** Insulation, heating, solar panels and the like for homes. */
    ENERGY_RENOVATION,
    /** Making homes fit for age or disability. */
    HOME_ADAPTATION,
    /** Courses paid from a personal training account. */
    TRAINING_ACCOUNT,
    GAMBLING,
    ALCOHOL,
    CREDIT
}
