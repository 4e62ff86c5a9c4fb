package org.postern.smtp.inbound;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.james.protocols.api.Response;
import org.postern.delivery.Arrival;
import org.postern.delivery.ArrivalFate;
import org.postern.delivery.Arrivals;
import org.postern.delivery.FullMailboxes;
import org.postern.delivery.Letter;
import org.postern.delivery.Recipient;
import org.postern.delivery.inbound.Inquiry;
import org.postern.delivery.inbound.Inspection;
import org.postern.delivery.inbound.Judged;
import org.postern.delivery.inbound.Judgement;
import org.postern.mime.MessageParser;
import org.postern.model.Refusal;
import org.postern.smtp.MessageTaker;
import org.postern.smtp.Reply;
import org.postern.smtp.Transaction;
import org.postern.smtp.message.IncomingMessage;
import org.postern.smtp.message.MessageLimits;

/** Takes another server's message: judged, then delivered; replies as the protocol has them. */
final class ArrivalTaker implements MessageTaker<InboundSession> {
    private final Arrivals arrivals;
    private final Inspection inspection;
    private final InboundSettings settings;
    private final InstantSource clock;

    ArrivalTaker(Arrivals arrivals, Inspection inspection, InboundSettings settings, InstantSource clock) {
        this.arrivals = arrivals;
        this.inspection = inspection;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public Optional<Response> refusal(InboundSession session) {
        return Optional.empty();
    }

    @Override
    public MessageLimits limits(InboundSession session) {
        var limits = settings.limits();
        return new MessageLimits(
                limits.maxMessageBytes(), limits.headerBytes(), limits.textLine(), limits.drainBytes());
    }

    @Override
    public Duration dataPause() {
        return settings.limits().dataPause();
    }

    @Override
    public IncomingMessage begin(InboundSession session, Transaction transaction) {
        var traceId = session.newTraceId();
        var edit = new ForeignHeader(
                session,
                transaction,
                traceId,
                settings.host(),
                inspection.filter().isPresent(),
                clock.instant());
        return IncomingMessage.begin(settings.spools(), limits(session), edit, false, traceId);
    }

    @Override
    public Response accept(InboundSession session, Transaction transaction, IncomingMessage message) {
        int hops = message.header().count("received");
        if (hops > settings.limits().hops()) {
            session.noted("mail-loop").addKeyValue("hops", hops).log("a message goes in circles");
            return forAll(
                    session, transaction, Reply.of(554, "5.4.6", "The message goes in circles: " + hops + " hops"));
        }
        try {
            var letter = new Letter(message.bytes(), MessageParser.parse(message.bytes()));
            var inquiry = new Inquiry(
                    session.transport().connection().client().inet(),
                    session.clientName().orElse(""),
                    transaction.returnPath(),
                    transaction.named().stream().map(Recipient::address).toList(),
                    message.traceId());
            return judged(session, transaction, inspection.inspect(letter, inquiry), message.traceId());
        } catch (IOException e) {
            // The spool's disk, not the client: of the connection nothing is read here.
            return forAll(session, transaction, session.refused(new IncomingMessage.Flaw.NoRoom(e)));
        }
    }

    private Response judged(InboundSession session, Transaction transaction, Judged judged, String traceId)
            throws IOException {
        return switch (judged.judgement()) {
            case Judgement.Welcome welcome -> deliver(session, transaction, judged.letter(), false, traceId);
            case Judgement.Junk junk -> deliver(session, transaction, judged.letter(), true, traceId);
            case Judgement.Forged(var domain) -> {
                session.noted("dmarc-refused")
                        .addKeyValue("message", traceId)
                        .addKeyValue("domain", domain)
                        .log("refused: {} asks for it", domain);
                var text = "The message is not from " + domain + ", which wants such mail refused (DMARC)";
                yield forAll(session, transaction, Reply.of(550, "5.7.1", text));
            }
            case Judgement.Spam(var said) -> {
                session.noted("spam-refused").addKeyValue("message", traceId).log("refused: {} is spam", traceId);
                var text = said.isEmpty() ? "The message looks like spam" : said;
                yield forAll(session, transaction, Reply.of(550, "5.7.1", text));
            }
            case Judgement.NotNow(var said) -> {
                session.noted("spam-deferred").addKeyValue("message", traceId).log("deferred: {}", said);
                yield forAll(session, transaction, Reply.of(451, "4.7.1", said));
            }
        };
    }

    private Response deliver(
            InboundSession session, Transaction transaction, Letter letter, boolean junk, String traceId)
            throws IOException {
        var arrival = new Arrival(
                transaction.returnPath(), transaction.named(), letter, transaction.options(), junk, traceId);
        var fates = switch (session.protocol()) {
            case LMTP -> arrivals.deliver(arrival);
            case MX -> arrivals.deliverForOneReply(arrival);
        };
        session.noted("arrived")
                .addKeyValue("message", traceId)
                .addKeyValue(
                        "from", transaction.returnPath().map(Object::toString).orElse("<>"))
                .addKeyValue("size", letter.bytes().size())
                .addKeyValue("recipients", fates.size())
                .addKeyValue("junk", junk)
                .addKeyValue(
                        "refused",
                        fates.stream()
                                .filter(ArrivalFate.Refused.class::isInstance)
                                .count())
                .log("arrived {}", traceId);
        return switch (session.protocol()) {
            case LMTP -> oneEach(session, fates, traceId);
            case MX -> oneForAll(session, fates, traceId);
        };
    }

    /** RFC 2033 §4.2: a reply for each RCPT that had succeeded, in their order. */
    private Response oneEach(InboundSession session, List<ArrivalFate> fates, String traceId) {
        return new ReplyForEach(
                fates.stream().map(fate -> reply(session, fate, traceId)).toList());
    }

    /** Either all are refused, or nobody: the first one's reply is everybody's. */
    private Response oneForAll(InboundSession session, List<ArrivalFate> fates, String traceId) {
        return reply(session, fates.getFirst(), traceId);
    }

    private Response reply(InboundSession session, ArrivalFate fate, String traceId) {
        return switch (fate) {
            case ArrivalFate.Delivered in -> Reply.of(250, "2.0.0", "Delivered as " + traceId);
            case ArrivalFate.Queued waiting -> Reply.of(250, "2.0.0", "Accepted as " + traceId);
            case ArrivalFate.Refused(var refusal) -> refused(session, refusal);
        };
    }

    private Response refused(InboundSession session, Refusal refusal) {
        var reply = session.refused(refusal);
        return refusal instanceof Refusal.MailboxFull && settings.fullMailboxes() == FullMailboxes.REFUSE
                ? Reply.of(552, "5.2.2", refusal.text(settings.help()))
                : reply;
    }

    @Override
    public Response forAll(InboundSession session, Transaction transaction, Response reply) {
        return switch (session.protocol()) {
            case LMTP ->
                new ReplyForEach(Collections.nCopies(transaction.named().size(), reply));
            case MX -> reply;
        };
    }
}
