// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.contact;

import eu.aval.server.encryption.SubjectKey;
import eu.aval.server.personaldata.PhoneNumber;
import java.util.UUID;

/** A person as one tenant knows them, with the key that their data are sealed under. */
public record Subject(UUID id, PhoneNumber number, SubjectKey key) {}
