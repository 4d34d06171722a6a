"""moto's server with three corrections towards AWS, without which no deletion of a whole network can end."""

import sys

from moto.autoscaling.models import AutoScalingBackend
from moto.ec2 import exceptions
from moto.ec2.models.subnets import SubnetBackend
from moto.server import main

delete_subnet = SubnetBackend.delete_subnet
attach_targets = AutoScalingBackend.update_attached_target_groups
describe_error = exceptions.InvalidDHCPOptionsIdError.__init__


def delete_with_associations(self, subnet_id):
    """A deleted subnet takes its association with a route table along."""
    subnet = delete_subnet(self, subnet_id)
    for table in self.route_tables.values():
        for name in [name for name, of in table._associations.items() if of == subnet_id]:
            del table._associations[name]
    return subnet


def attach_to_living_targets(self, group_name):
    """An auto scaling group survives the loss of its target groups."""
    group = self.autoscaling_groups[group_name]
    known = self.elbv2_backend.target_groups
    group.target_group_arns = [arn for arn in group.target_group_arns if arn in known]
    attach_targets(self, group_name)


def name_as_aws_does(self, options_id):
    describe_error(self, options_id)
    self.error_type = self.code = "InvalidDhcpOptionsID.NotFound"


SubnetBackend.delete_subnet = delete_with_associations
AutoScalingBackend.update_attached_target_groups = attach_to_living_targets
exceptions.InvalidDHCPOptionsIdError.__init__ = name_as_aws_does
main(sys.argv[1:])
