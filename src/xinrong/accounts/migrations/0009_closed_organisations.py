from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0008_password_links'),
    ]

    operations = [
        migrations.AddField(
            model_name='organisation',
            name='closed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name='accountevent',
            name='what',
            field=models.CharField(choices=[('taken_in', '登记机构'), ('renamed', '更名'), ('closed', '关闭机构'), ('reopened', '重新启用机构'), ('invited', '发出邀请'), ('invitation_withdrawn', '撤回邀请'), ('joined', '加入'), ('role_changed', '变更角色'), ('role_ended', '终止角色'), ('roles_suspended', '暂停角色'), ('roles_resumed', '恢复角色'), ('key_made', '创建密钥'), ('key_rotated', '轮换密钥'), ('key_revoked', '吊销密钥'), ('support_asked', '申请协助'), ('support_nodded', '同意协助'), ('support_started', '开始协助'), ('support_ended', '结束协助')], max_length=24),
        ),
    ]
