// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.rotation;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param poll how often a node looks for a rotation to work on
 * @param settle from when a key is there until it is written with; nodes ask once a second which keys are new
 * @param grace from when nothing is under an earlier key until it is destroyed: longer than anything read from the
 *     database stays sealed in the memory of a node
 * @param retry from when values are left that cannot be carried over until they are looked at again
 * @param batch rows in one transaction
 * @param rest between two of them
 * @param lease after which a node that is silent has lost its rotation to another
 */
@ConfigurationProperties("aval.rotation")
record RotationSettings(
        @DefaultValue("2s") Duration poll,
        @DefaultValue("5s") Duration settle,
        @DefaultValue("10m") Duration grace,
        @DefaultValue("1h") Duration retry,
        @DefaultValue("500") int batch,
        @DefaultValue("20ms") Duration rest,
        @DefaultValue("30s") Duration lease) {}
