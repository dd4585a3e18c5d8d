// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.encryption;

import java.util.UUID;

/** The key of one person. Destroying its wrapped form makes everything sealed under it unreadable, backups included. */
public interface SubjectKey {

    UUID subjectId();

    /** For {@code aval_keys.subject_key.wrapped}. */
    byte[] wrapped();

    byte[] seal(byte[] plaintext, AssociatedData associatedData);

    /**
     * Opens what {@link #seal} made.
     *
     * @throws SealBroken if it was changed or moved
     */
    byte[] open(byte[] sealed, AssociatedData associatedData);
}
