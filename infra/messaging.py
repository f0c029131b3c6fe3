"""The event bus with its archive, the queues of deliveries and of steps, and the dead-letter queues."""

import aws_cdk as cdk
from aws_cdk import aws_events as events
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from chalicelib.aws import names
from infra.encryption import Encryption
from infra.options import StackOptions
from infra.workload import DEPLOYER, SENDER, WORKLOADS

# A message is received once for each attempt. The retry schedule of a delivery has ten attempts; the other receives
# make up for those that a throttled or crashed sender wasted.
DELIVERY_RECEIVES = 15
# A step that fails as often is given up; the keeper then ends the deployment when its time is over.
STEP_RECEIVES = 5


class Messaging(Construct):
    """The event bus, its archive, the queues of deliveries and of steps, and one dead-letter queue per function."""

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
        self.delivery = self._queue("Delivery", SENDER, DELIVERY_RECEIVES, keys)
        self.steps = self._queue("Steps", DEPLOYER, STEP_RECEIVES, keys)

    def _queue(self, queue_id: str, consumer: str, receives: int, keys: Encryption) -> sqs.Queue:
        return sqs.Queue(
            self,
            queue_id,
            encryption=sqs.QueueEncryption.KMS if keys.key else sqs.QueueEncryption.SQS_MANAGED,
            encryption_master_key=keys.key,
            enforce_ssl=True,
            # Six times the consumer's timeout, as Lambda's documentation advises.
            visibility_timeout=cdk.Duration.seconds(6 * WORKLOADS[consumer].timeout_seconds),
            retention_period=cdk.Duration.days(4),
            dead_letter_queue=sqs.DeadLetterQueue(queue=self.dead_letters[consumer], max_receive_count=receives),
        )

    def _dead_letter_queue(self, function: str) -> sqs.Queue:
        return sqs.Queue(
            self,
            f"{function.capitalize()}DeadLetters",
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            retention_period=cdk.Duration.days(14),
        )
