// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

import eu.aval.server.personaldata.MessageText;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** At least one of the fields that were asked for, each masked until it is revealed. */
public record Unmasked(UUID recordId, UUID entryId, Map<Unmask.Field, MessageText> values, List<Gap> gaps)
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
