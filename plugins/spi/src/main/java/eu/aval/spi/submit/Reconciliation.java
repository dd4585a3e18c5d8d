// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.spi.submit;

import java.util.List;

/** What a carrier says when asked about a message whose submit ended {@link SubmitOutcome.Uncertain uncertain}. */
public sealed interface Reconciliation {

    /** The carrier has it, under these ids. */
    record Found(List<String> carrierMessageIds) implements Reconciliation {
        public Found {
            carrierMessageIds = List.copyOf(carrierMessageIds);
        }
    }

    /** The carrier does not know it (yet). The host asks three times over five minutes before it believes it. */
    record NotFound() implements Reconciliation {}

    /** The carrier cannot be asked. */
    record Unsupported() implements Reconciliation {}
}
