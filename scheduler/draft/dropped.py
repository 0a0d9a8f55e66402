"""Why an agreed flip is dropped: the rule against it, in words."""

from __future__ import annotations

from scheduler.plan import Reason


def why_dropped(code: str) -> Reason:
    """The rule against an agreed flip, for people."""
    zh, en = DROPPED.get(code, DROPPED["other"])
    return Reason(zh, en)


DROPPED = {
    "window_shut": ("窗口已关闭或故障。", "The window is shut or out of order."),
    "window_cannot": ("窗口设备不支持该事项。", "The window's terminals do not reach the service."),
    "too_many_families": ("一个窗口的业务类别超过上限。", "The mode has too many families for one window."),
    "fixed_window": ("该窗口的业务是固定的。", "The window's mode is fixed."),
    "pinned": ("管理员已锁定该窗口。", "A manager has pinned the window to another mode."),
    "flips_spent": ("该窗口今日切换次数已用完。", "The window has used up its flips for today."),
    "dwell": ("距上次切换时间太短。", "The window's last flip is too recent."),
    "refused": ("该切换已被管理员拒绝。", "A manager has refused this flip for now."),
    "not_authorised": ("窗口人员没有该事项的授权。", "The clerk is not authorised for the mode."),
    "not_at_work": ("指定的窗口人员不在岗。", "The clerk named is not at work."),
    "on_break": ("窗口人员届时正在休息。", "The clerk is on a break then."),
    "nobody_able": ("没有在岗且有授权的窗口人员。", "Nobody at work is authorised and free for it."),
    "clerk_elsewhere": ("该窗口人员另有已批准的安排。", "The clerk has another agreed post."),
    "superseded": ("同一窗口另有已批准的切换。", "Another agreed flip of the window comes first."),
    "empty_mode": ("该切换没有事项。", "The flip names no service."),
    "other": ("现行规则不允许。", "A rule forbids it now."),
}
