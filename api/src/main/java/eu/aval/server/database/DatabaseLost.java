// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.database;

/**
 * An event: the embedded PostgreSQL has ended and cannot be brought back, so this server can do nothing more.
 *
 * @param reason what is wrong
 * @param remedy what to do about it
 */
public record DatabaseLost(String reason, String remedy) {}
