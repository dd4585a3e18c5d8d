// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

import java.util.List;
import java.util.UUID;

/** What became of asking for a record in clear. Either way the journal has an entry. */
public sealed interface UnmaskResult permits Unmasked, UnmaskRefused {

    /** The record. */
    UUID recordId();

    /** The entry in the journal. */
    UUID entryId();

    /** What was asked for and is not there. */
    List<Gap> gaps();

    /** A field that cannot be shown, and why. */
    record Gap(Unmask.Field field, Why reason) {

        /** Why there is nothing to show. */
        public enum Why {
            /** The person was erased: nobody can read it any more. */
            ERASED,
            /** It was not kept. */
            DISCARDED,
            /** There never was one. */
            NEVER_GIVEN,
            /** It does not open: it was changed or moved. */
            UNREADABLE
        }
    }
}
