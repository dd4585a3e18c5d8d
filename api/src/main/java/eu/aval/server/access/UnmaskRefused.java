// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

import java.util.List;
import java.util.UUID;

/** None of the fields that were asked for. */
public record UnmaskRefused(UUID recordId, UUID entryId, List<Gap> gaps) implements UnmaskResult {

    public UnmaskRefused {
        gaps = List.copyOf(gaps);
    }
}
