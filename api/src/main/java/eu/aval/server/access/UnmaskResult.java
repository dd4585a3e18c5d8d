// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

import eu.aval.server.personaldata.MessageText;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What became of asking for a record in clear. Either way the journal has an entry. */
public sealed interface UnmaskResult {

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

    /** At least one of the fields, each masked until it is revealed. */
    record Unmasked(UUID recordId, UUID entryId, Map<Unmask.Field, MessageText> values, List<Gap> gaps)
            implements UnmaskResult {

        public Unmasked {
            values = Map.copyOf(values);
            gaps = List.copyOf(gaps);
        }

        @Override
        public String toString() {
            return "Unmasked[" + recordId + ", " + values.keySet() + "]";
        }
    }

    /** None of them. */
    record UnmaskRefused(UUID recordId, UUID entryId, List<Gap> gaps) implements UnmaskResult {

        public UnmaskRefused {
            gaps = List.copyOf(gaps);
        }
    }
}
