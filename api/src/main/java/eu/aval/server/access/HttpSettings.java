// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

import java.time.Duration;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long a connection waits for its client.
 *
 * @param bodyPause a body may stop for so long; not counted while this server does not read it
 * @param body a JSON body is there after so long; a stream of lines may take any time
 * @param answerPause who takes nothing of an answer for so long loses the connection
 */
@ConfigurationProperties("aval.http")
public record HttpSettings(
        @DefaultValue("30s") Duration bodyPause,
        @DefaultValue("5m") Duration body,
        @DefaultValue("60s") Duration answerPause) {

    public HttpSettings {
        if (Stream.of(bodyPause, body, answerPause).anyMatch(each -> !each.isPositive())) {
            throw new IllegalArgumentException("Each of aval.http.* must be longer than nothing");
        }
    }
}
