// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.spi.text;

import java.util.Objects;
import java.util.Set;

/**
 * How a text may be cut into parts.
 *
 * @param choice which encoding is wanted
 * @param tables the national tables that may be used where they keep a text in GSM-7; empty is none
 * @param wideReference whether parts carry a 16-bit reference, which costs a septet or a UCS-2 unit of each part and
 *     keeps apart the messages of a sender who sends more than 256 long ones to a handset at a time
 */
public record SegmentationOptions(EncodingChoice choice, Set<NationalShift> tables, boolean wideReference) {

    /** Automatic, without national tables, 8-bit reference. */
    public static final SegmentationOptions DEFAULT = new SegmentationOptions(EncodingChoice.AUTO, Set.of(), false);

    public SegmentationOptions {
        Objects.requireNonNull(choice, "choice");
        tables = Set.copyOf(tables);
    }

    /** {@link #DEFAULT} with this choice. */
    public static SegmentationOptions of(EncodingChoice choice) {
        return choice == EncodingChoice.AUTO ? DEFAULT : new SegmentationOptions(choice, Set.of(), false);
    }
}
