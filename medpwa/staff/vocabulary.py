"""Words for people who work in a home: roles and duties, and what each is called on a screen."""

ROLES: dict[str, str] = {
    "carer": "Carer",
    "senior_carer": "Senior carer",
    "team_leader": "Team leader",
    "deputy_manager": "Deputy manager",
    "registered_manager": "Registered manager",
    "quality_lead": "Quality lead",
}
PROVIDER_ROLES: dict[str, str] = {"nominated_individual": "Nominated individual"}
ALL_ROLES = ROLES | PROVIDER_ROLES

ON_CALL = "on_call"  # a duty at home; who also works on the floor or leads is there and is named by that duty
DUTIES: dict[str, str] = {
    "floor": "On the floor",
    "shift_leader": "Shift leader",
    ON_CALL: "On call",
}
# tone and picture of a duty; somebody known only from signing in has neither
DUTY_LOOKS: dict[str, tuple[str, str]] = {
    "shift_leader": ("due", "clipboard-check"),
    "floor": ("given", "circle-check"),
    ON_CALL: ("coming", "clock"),
    "": ("plain", "circle"),
}

# What a home enrols: words, and what it is for.
DEVICE_KINDS: dict[str, tuple[str, str]] = {
    "phone": ("Phone", "Carried on the floor; people sign in on it with a PIN"),
    "board": ("Wall board", "Hangs on a wall; shows initials and rooms, and nobody signs in on it"),
}
LONGEST_DEVICE_NAME = 40
# Why a screen locked, and what opened it again.
LOCKED_HOW = {"idle": "nobody touched it for its time", "tapped": "with Lock now"}
OPENED_HOW = {"pin": "with their PIN", "password": "with their password"}

# Shifts one can choose by name: words, from, until (local time; an until before the from is the next morning).
SHIFTS: dict[str, tuple[str, str, str]] = {
    "early": ("Early", "07:00", "14:30"),
    "late": ("Late", "14:00", "21:30"),
    "night": ("Night", "21:15", "07:15"),
    "day_on_call": ("A day on call", "07:00", "07:00"),
}

LONGEST_NAME = 100
LONGEST_REASON = 2000

# Short plain words for a first password. Nothing here can be taken for a remark about anybody.
PASSPHRASE_WORDS = tuple(
    "acorn amber anchor apple april arrow autumn badge bakery balloon bamboo banjo barley basket beacon berry birch "
    "biscuit blanket blossom bonnet bottle branch breeze brick bridge bronze brook brush bucket butter button cabin "
    "candle canvas carrot castle cedar celery chalk cherry chestnut chimney cinnamon circle clover cobble cocoa "
    "comet copper coral corner cotton cousin cradle crayon cricket crystal cushion daisy denim desert dinner "
    "dolphin drawer eagle easel echo elbow ember engine fabric falcon feather fennel ferry fiddle finch flannel "
    "flint forest fossil fountain galaxy garden garlic gecko ginger glacier globe goblet granite gravel guitar "
    "hammer hamper harbour hazel heather hedge helmet heron hockey holly honey horizon indigo island ivory jacket "
    "jasmine jigsaw juniper kettle kiosk ladder lagoon lantern laurel lemon lentil library lilac linen lobster "
    "locket lunar magnet mango maple marble marigold meadow melon mirror mitten mosaic mustard napkin nectar needle "
    "nutmeg oasis ocean olive onion orchard otter oyster paddle palace pantry parcel parsley pebble pencil pepper "
    "piano pickle pigeon pillow planet plaster pocket poppy potato pottery puzzle quartz quilt rabbit radish raisin "
    "ribbon river robin rocket rosemary saddle saffron salmon satchel saturn scarf shell shovel silver slipper "
    "spanner sparrow spinach spiral spruce squirrel stable sunset tangerine tartan teapot thimble thistle ticket "
    "tiger timber tulip tunnel turnip umbrella valley vanilla velvet violet violin walnut whistle willow window "
    "winter wombat yellow zebra".split()
)
