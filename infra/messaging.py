"""The event bus with its archive, the delivery queue, and the dead-letter queues."""

import aws_cdk as cdk
from aws_cdk import aws_events as events
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from chalicelib.aws import names
from infra.encryption import Encryption
from infra.options import StackOptions
from infra.workload import SENDER, WORKLOADS

# A message is received once for each attempt. The retry schedule of a delivery has ten attempts; the other receives
# make up for those that a throttled or crashed sender wasted.
DELIVERY_RECEIVES = 15


class Messaging(Construct):
    """The event bus, its archive, the webhook delivery queue and one dead-letter queue per function."""

    def __init__(self, scope: Construct, construct_id: str, options: StackOptions, keys: Encryption) -> None:
        super().__init__(scope, construct_id)
        self.bus = events.EventBus(self, "Bus", description=f"Every change of the Moorage registry ({options.stage})")
        if options.archive_days:
            self.bus.archive(
                "Archive",
                description="Moorage events, for replay to new or repaired consumers",
                event_pattern=events.EventPattern(source=[names.EVENT_SOURCE]),
                retention=cdk.Duration.days(options.archive_days),
            )
        self.dead_letters = {
            name: self._dead_letter_queue(name) for name, workload in WORKLOADS.items() if workload.dead_letters
        }
        self.delivery = sqs.Queue(
            self,
            "Delivery",
            encryption=sqs.QueueEncryption.KMS if keys.key else sqs.QueueEncryption.SQS_MANAGED,
            encryption_master_key=keys.key,
            enforce_ssl=True,
            # Six times the consumer's timeout, as Lambda's documentation advises.
            visibility_timeout=cdk.Duration.seconds(6 * WORKLOADS[SENDER].timeout_seconds),
            retention_period=cdk.Duration.days(4),
            dead_letter_queue=sqs.DeadLetterQueue(queue=self.dead_letters[SENDER], max_receive_count=DELIVERY_RECEIVES),
        )

    def _dead_letter_queue(self, function: str) -> sqs.Queue:
        return sqs.Queue(
            self,
            f"{function.capitalize()}DeadLetters",
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            retention_period=cdk.Duration.days(14),
        )
