// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.inbound.reply;

import org.jspecify.annotations.Nullable;

/**
 * What a reply says.
 *
 * @param everything not only what was answered: STOP ALL, arrêtez tout
 * @param number the short code or number that was named, as in STOP 36180: digits; null if there is none
 * @param language of its words; null where they are of both
 */
public record Reply(
        Meaning meaning,
        boolean everything,
        @Nullable String number,
        @Nullable Language language) {

    /** A language that replies are read in. */
    public enum Language {
        FRENCH,
        ENGLISH
    }

    static final Reply NOTHING = new Reply(Meaning.NONE, false, null, null);

    /** Hides the number: somebody may have named a person's. */
    @Override
    public String toString() {
        return "Reply[" + meaning + (everything ? ", everything]" : "]");
    }
}
