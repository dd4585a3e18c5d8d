// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.encryption;

/** A sealed value does not open: it was changed, moved, or its key is gone. Says nothing of the value. */
public final class SealBroken extends RuntimeException {

    public SealBroken(String place) {
        super("Sealed value does not open: " + place);
    }
}
